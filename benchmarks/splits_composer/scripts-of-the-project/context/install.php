<?php

file_put_contents(__DIR__ . '/installed.txt', 'installed');
