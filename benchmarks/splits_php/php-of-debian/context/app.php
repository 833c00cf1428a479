<?php
echo adder_add(2, 3), PHP_EOL, yaml_seen(), PHP_EOL;

function yaml_seen()
{
    return extension_loaded("adder") ? "adder" : "nothing";
}
