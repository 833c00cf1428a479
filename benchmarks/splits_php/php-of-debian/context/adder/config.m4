PHP_ARG_ENABLE([adder], [whether to build adder], [AS_HELP_STRING([--enable-adder], [build adder])], [yes])
PHP_ADD_LIBRARY([yaml], [1], [ADDER_SHARED_LIBADD])
PHP_SUBST([ADDER_SHARED_LIBADD])
PHP_NEW_EXTENSION([adder], [adder.c], [$ext_shared])
