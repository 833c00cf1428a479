/opt/clock/clock version; stat -c "%U %G %a %n" /opt/clock /opt/clock/*
