<?php
echo intl_answer(), PHP_EOL;
