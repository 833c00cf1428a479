<?php
echo zip_answer(), PHP_EOL;
