#include <ruby.h>

static VALUE sum(VALUE self, VALUE one, VALUE other)
{
    return LONG2NUM(NUM2LONG(one) + NUM2LONG(other));
}

void Init_adder(void)
{
    rb_define_global_function("sum", RUBY_METHOD_FUNC(sum), 2);
}
