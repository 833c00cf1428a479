<?php
echo soap_answer(), PHP_EOL;
echo xsl_answer(), PHP_EOL;
