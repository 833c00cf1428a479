<?php

require '/app/vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
