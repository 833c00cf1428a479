<?php
echo yaml_answer(), PHP_EOL;
echo memcached_answer(), PHP_EOL;
