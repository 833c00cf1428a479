cat /srv/cms/edition
