<?php

require '/usr/share/php-vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
