java -cp /srv Main
