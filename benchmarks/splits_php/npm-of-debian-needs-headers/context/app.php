<?php
echo intl_answer(), PHP_EOL;
echo pgsql_answer(), PHP_EOL;
