<?php
echo pgsql_answer(), PHP_EOL;
echo zip_answer(), PHP_EOL;
echo pdo_mysql_answer(), PHP_EOL;
echo apcu_answer(), PHP_EOL;
