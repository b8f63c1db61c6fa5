# A thousand subshells, each of them a forked child that allocates a little.
i=0
while [ $i -lt 1000 ]; do
  (x=$i; y="$x$x")
  i=$((i + 1))
done
