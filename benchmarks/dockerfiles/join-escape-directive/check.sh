cat /paths/*
