create table one (two);
