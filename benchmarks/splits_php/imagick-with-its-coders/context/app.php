<?php
echo imagick_answer(), PHP_EOL;
