#include "php.h"
#include <yaml.h>

ZEND_BEGIN_ARG_INFO_EX(adder_info, 0, 0, 2)
    ZEND_ARG_INFO(0, one)
    ZEND_ARG_INFO(0, other)
ZEND_END_ARG_INFO()

PHP_FUNCTION(adder_add)
{
    zend_long one, other;
    if (zend_parse_parameters(ZEND_NUM_ARGS(), "ll", &one, &other) == FAILURE) {
        return;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        RETURN_FALSE;
    }
    yaml_parser_delete(&parser);
    RETURN_LONG(one + other);
}

static const zend_function_entry adder_functions[] = {
    PHP_FE(adder_add, adder_info)
    PHP_FE_END
};

zend_module_entry adder_module_entry = {
    STANDARD_MODULE_HEADER, "adder", adder_functions, NULL, NULL, NULL, NULL, NULL, "1.0", STANDARD_MODULE_PROPERTIES
};

ZEND_GET_MODULE(adder)
