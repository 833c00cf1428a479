<?php
echo intl_answer(), PHP_EOL;
echo bcmath_answer(), PHP_EOL;
echo opcache_answer(), PHP_EOL;
