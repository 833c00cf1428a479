ruby -e "require 'greet'; puts Greet.hello"; cd /srv && bundle exec ruby -e "puts 1"
