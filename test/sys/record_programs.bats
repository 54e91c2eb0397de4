# SPDX-License-Identifier: Apache-2.0
# tamis seccomp record and generate with programs of Debian: what is recorded is what strace sees of the
# same run; under the generated profile the program's script passes without a denial, and with one
# needed call taken out it fails with a denial that names the call.
# bats file_tags=all
load ../lib
load ../record

setup()
{
  requires tamis
  requires root
  requires program strace
  prepare_recording
}

# Parts of the scripts of servers. The first sleep is not by chance: each run must make the same calls.
await='await() { sleep 0.1; i=0; until "$@" >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 40 ]; sleep 0.1; done; }
# a shell that waits for a process that is alive makes another call than for one that has ended
gone() { ! [ -e /proc/$pid ]; }
ended() { await gone; wait $pid; pid=; }
pid=
trap "[ -z \"\$pid\" ] || kill \$pid" EXIT'

@test "programs: sh" {
  program mkdir,mkdirat <<<'mkdir d$$; rmdir d$$; ls /etc | cat; for i in 1 2 3; do (exit 0); done; (kill -TERM $(exec sh -c "echo \$PPID")) || :'
}

@test "programs: busybox" {
  program symlink,symlinkat <<<'busybox sh -ec "busybox ln -s a b\$\$; busybox rm b\$\$; busybox df / ; busybox ls -l / | busybox grep x"'
}

@test "programs: bash" {
  requires program bash
  program pipe2,pipe <<<'bash -ec "for i in {1..20}; do (exit 0) & done; wait; [ \"\$(echo x)\" = x ]; read -r x </etc/passwd"'
}

@test "programs: perl" {
  requires program perl
  program getdents64,getdents <<<'perl -e "opendir D, q(/) or die; readdir D or die; print \`date\`; fork; wait; exit 0"'
}

@test "programs: python3" {
  [ -x /usr/bin/python3 ] || skip "no python3"
  program socketpair <<'END'
/usr/bin/python3 -c 'import json, socket, subprocess, threading, tempfile, os
t = threading.Thread(target=lambda: None); t.start(); t.join()
subprocess.run(["true"], check=True)
a, b = socket.socketpair(); a.send(b"x"); assert b.recv(1) == b"x"
with tempfile.NamedTemporaryFile() as f: f.write(b"x"); f.flush(); os.fsync(f.fileno())'
END
}

@test "programs: node" {
  [ -x /usr/bin/node ] || skip "no node"
  program mkdir,mkdirat <<'END'
/usr/bin/node -e 'const fs = require("fs"); const d = "d" + process.pid; fs.mkdirSync(d); fs.writeFileSync(d + "/f", "x");
fs.readFile(d + "/f", (e) => { if (e) throw e; fs.rmSync(d, { recursive: true }) })'
END
}

@test "programs: gcc" {
  requires program gcc
  echo 'int main(void) { return 0; }' >x.c
  program unlink,unlinkat <<<'gcc -O2 -o x x.c; ./x; d=$(mktemp); rm "$d"'
}

@test "programs: git" {
  requires program git
  git init -q g
  program link,linkat,rename,renameat2 <<<'cd g; git -c user.name=a -c user.email=b commit -q --allow-empty -m x; git log >/dev/null; git status >/dev/null'
}

@test "programs: sqlite3" {
  requires program sqlite3
  program fcntl <<<'f=x$$.db; sqlite3 $f "create table a(b); insert into a values(1); select * from a"; rm $f'
}

@test "programs: tar, gzip and xz" {
  program utimensat <<<'d=t$$; mkdir $d; cp /etc/passwd $d/a; ln -s a $d/b; tar czf $d.tgz $d; rm -r $d; tar xzf $d.tgz; xz -c <$d/a | xz -dc | cmp - $d/a; rm -r $d $d.tgz'
}

@test "programs: make" {
  requires program make
  printf 'a b c:\n\t@cp /etc/passwd $@\nall: a b c\n' >Makefile
  program chdir <<<'rm -f a b c; make -j2 -C . all; cmp a b'
}

@test "programs: awk, sed, sort and find" {
  program getdents64 <<<'find /usr/share/doc -maxdepth 1 >list; awk -F/ "{ print \$NF }" list | sort -r | sed s/a/b/ | uniq -c | sort -n >out; [ -s out ]; find /etc -maxdepth 1 -name passwd | grep -q passwd'
}

@test "programs: openssl" {
  requires program openssl
  program pwrite64,write <<<'openssl rand -hex 16 >r; openssl dgst -sha256 r; openssl genpkey -algorithm ED25519 -out k; openssl pkey -in k -pubout >p; [ -s p ]'
}

@test "programs: curl" {
  requires program curl
  program mmap <<<"curl -sS file://$T/script -o got; cmp got script"
}

@test "programs: jq" {
  [ -x /usr/bin/jq ] || skip "no jq"
  program read <<<'echo "{\"a\":[1,2]}" | /usr/bin/jq -e ".a[1] == 2"'
}

@test "programs: a program in Go" {
  local go
  go=$(type -P runc) || skip "no runc, which is the Go program here"
  program openat <<<"rm -f config.json; $go spec; [ -s config.json ]; $go --version"
}

@test "programs: a static program" {
  program write <<<"$SYS/payload fds >out; [ -s out ]"
}

@test "programs: redis" {
  requires program redis-server
  program bind <<END
$await
redis-server --port 0 --unixsocket $T/s --dir $T --save '' --daemonize no >redis.log 2>&1 & pid=\$!
await redis-cli -s s ping
redis-cli -s s set a b
redis-cli -s s get a | grep -q b
redis-cli -s s bgsave
await sh -c 'redis-cli -s s info persistence | grep -q rdb_bgsave_in_progress:0'
redis-cli -s s shutdown nosave || :
ended
END
}

@test "programs: nginx" {
  requires program nginx
  requires program curl
  echo hello >index.html
  cat >nginx.conf <<END
daemon off; pid $T/nginx.pid; error_log $T/error.log; user root;
events { worker_connections 64; }
http { access_log $T/access.log; client_body_temp_path $T/t; proxy_temp_path $T/t; fastcgi_temp_path $T/t; uwsgi_temp_path $T/t; scgi_temp_path $T/t;
  server { listen unix:$T/nginx.sock; root $T; } }
END
  program accept4 <<END
$await
get() { curl -sSf -m 1 --unix-socket nginx.sock \$1/index.html; }
rm -f nginx.sock
nginx -c $T/nginx.conf -e $T/error.log & pid=\$!
await get localhost
get localhost | grep -q hello
kill -HUP \$pid
await get localhost
kill -QUIT \$pid
ended
END
}

@test "programs: apache2" {
  requires program apache2
  requires program curl
  local modules=/usr/lib/apache2/modules port=$((20000 + $$ % 20000))
  echo hello >index.html
  cat >apache.conf <<END
ServerRoot $T
ServerName localhost
Listen 127.0.0.1:$port
PidFile $T/apache.pid
ErrorLog $T/error.log
DefaultRuntimeDir $T
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
DocumentRoot $T
StartServers 1
User www-data
Group www-data
END
  program accept4 <<END
$await
get() { curl -sSf -m 1 \$1:$port/index.html; }
apache2 -f $T/apache.conf -DFOREGROUND & pid=\$!
await get 127.0.0.1
get 127.0.0.1 | grep -q hello
kill -TERM \$pid
ended
END
}

@test "programs: postgresql" {
  local bin
  bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | tail -n1)
  [ -x "$bin/postgres" ] || skip "no postgresql"
  requires program setpriv
  local user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  mkdir data run
  chown 65534:65534 data run
  chmod 700 data
  "${user[@]}" "$bin/initdb" -D data -U test -A trust >init.log 2>&1 || { cat init.log; return 1; }
  program accept4,accept <<END
$await
ask() { timeout \${2:-9} $bin/psql -h $T/run -U test -d postgres -Atc "\$1"; }
${user[*]} $bin/postgres -D $T/data -k $T/run -h '' & pid=\$!
await ask 'select 1' 1
ask 'create table if not exists t(a int); insert into t values (1); select count(*) > 0 from t; drop table t' | grep -q t
ask 'checkpoint'
kill -INT \$pid
ended
END
}
