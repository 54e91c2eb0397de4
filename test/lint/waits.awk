# SPDX-License-Identifier: Apache-2.0
# Prints "FILE FUNCTION CALL" for each call in C files that can wait for another process: its exit,
# or a peer, a reader, a writer, a lock. Waits for the kernel itself (disks, cgroupfs) are not
# included. Functions of this project that wait for an event given by their caller count as calls.
FNR == 1 { fn = ""; comment = 0 }
{ line = $0 }
comment {
  if (line !~ /\*\//) next
  sub(/.*\*\//, "", line)
  comment = 0
}
{
  gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
  gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
  if (line ~ /\/\*/) {
    sub(/\/\*.*/, "", line)
    comment = 1
  }
}
line ~ /^[a-z_].*\(/ {
  name = line
  sub(/^(no_return|must_check|no_instrument|printf_like\([^)]*\)|[ ])* */, "", name)
  sub(/\(.*/, "", name)
  n = split(name, words, /[ *]+/)
  fn = words[n]
  next
}
line ~ /^[a-zA-Z_]/ { next }
{
  while (match(line, /[a-zA-Z_0-9]+\(/)) {
    call = substr(line, RSTART, RLENGTH - 1)
    line = substr(line, RSTART + RLENGTH)
    if (call ~ /^(poll|ppoll|p?select|epoll_p?wait|wait|waitid|waitpid|wait3|wait4|flock|lockf|accept4?|connect|recv|recvfrom|recvm?msg|send|sendto|sendm?msg|(clock_)?nanosleep|u?sleep|pause|sigtimedwait|sigwait|sigwaitinfo|sigsuspend|sys_futex_wait|tcsetattr|tcdrain|splice|sendfile|open|read|write|process_vm_readv|msg_recv|msg_recv_fd|msg_send|msg_send_fd|fd_wait|io_read_all|io_write_all|identity_wait|systemd_await_end|cgdir_back_off|sd_bus_(call|call_method|get_property_string|wait|process|open_user|open_system|match_signal|flush))$/)
      print FILENAME, fn, call
  }
}
