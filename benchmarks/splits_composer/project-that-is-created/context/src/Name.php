<?php

namespace Shop;

final class Name
{
    public const IT = 'created';
}
