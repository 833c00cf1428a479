#include <ruby.h>
#include <string>

static VALUE sum(VALUE self, VALUE one, VALUE other)
{
    return LONG2NUM((long)std::string(NUM2LONG(one), 'a').size() + NUM2LONG(other));
}

extern "C" void Init_adder(void)
{
    rb_define_global_function("sum", RUBY_METHOD_FUNC(sum), 2);
}
