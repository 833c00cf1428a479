<?php

require __DIR__ . '/vendor/autoload.php';

echo Shop\Name::IT, PHP_EOL;
