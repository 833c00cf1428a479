<?php
echo intl_answer(), PHP_EOL;
echo zip_answer(), PHP_EOL;
