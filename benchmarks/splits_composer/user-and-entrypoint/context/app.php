<?php

require __DIR__ . '/vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
file_put_contents('var/cache/one', 'x');
echo get_current_user(), ' ', posix_getpwuid(posix_geteuid())['name'], ' ', file_exists('var/cache/one') ? 'cached' : 'not', PHP_EOL;
