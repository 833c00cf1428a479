#include <ruby.h>
int PQlibVersion(void);
static VALUE sum(VALUE self, VALUE one, VALUE other)
{
    return INT2NUM(PQlibVersion() > 0);
}

void Init_adder(void)
{
    rb_define_global_function("sum", RUBY_METHOD_FUNC(sum), 2);
}
