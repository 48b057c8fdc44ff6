# What a host's clock says, before and after it is asked whether anything keeps it right: a row each. Changes nothing.

# clock_says ROW: seconds since 1970.
clock_says() { printf '%s\t%s\n' "$1" "$(LC_ALL=C date +%s.%N 2>/dev/null)"; }

# clock_keeper ROW PATTERN COMMAND…: the first line of its answer that the pattern finds; whether there is one.
clock_keeper() {
  local row=$1 pattern=$2 line
  shift 2
  [[ -n $(type -P "$1") ]] || return 1
  line=$(LC_ALL=C timeout -k 1 3 "$@" </dev/null 2>/dev/null | head -c 4096 | grep -m 1 -aE -- "$pattern") || return 1
  printf '%s\t%s\n' "$row" "${line//$'\t'/ }"
}

clock_says begin
clock_keeper chrony '^Leap status' chronyc -n tracking ||
  clock_keeper ntp '(leap|sync)_[a-z_]+' ntpq -n -c rv ||
  clock_keeper kernel '(NTP|System clock) synchronized:' timedatectl status ||
  true
clock_says end
