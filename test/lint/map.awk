# SPDX-License-Identifier: Apache-2.0
# For each given file, prints its path and the first sentence of the comment at its top. Reads no
# further than the end of that comment.
function flush_file() {
  if (path == "")
    return
  gsub(/[ \t]+/, " ", text)
  sub(/^ /, "", text)
  sub(/ $/, "", text)
  if (match(text, /\.( |$)|: |; /))
    text = substr(text, 1, RSTART - 1)
  if (length(text) > 64) { # cut at the last comma that fits
    cut = text
    while (length(cut) > 64 && match(cut, /,[^,]*$/))
      cut = substr(cut, 1, RSTART - 1)
    if (length(cut) > 24)
      text = cut
  }
  if (gsub(/\(/, "(", text) > gsub(/\)/, ")", text)) # the cut was inside a parenthesis
    sub(/ *\([^(]*$/, "", text)
  printf "    %-30s %s\n", path, text
}
FNR == 1 { flush_file(); path = FILENAME; text = ""; state = 0; next } # line 1 has the licence
state == 2 { next }
{
  line = $0
  if (state == 0 && line !~ /^\/\*/) { state = 2; next }
  state = 1
  sub(/^\/\*/, "", line)
  sub(/^ \*/, "", line)
  if (line ~ /\*?\/$/) { sub(/\*?\/$/, "", line); state = 2 }
  text = text " " line
}
END { flush_file() }
