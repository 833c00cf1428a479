#include <ruby.h>
int sqlite3_libversion_number(void);
static VALUE sum(VALUE self, VALUE one, VALUE other)
{
    return INT2NUM(sqlite3_libversion_number() > 0);
}

void Init_sqlite3(void)
{
    rb_define_global_function("sum", RUBY_METHOD_FUNC(sum), 2);
}
