PATH="$PWD/bin:$PATH"
sudo -u apache bash -c 'cd /x && /usr/bin/perl ./y'
