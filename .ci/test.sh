# Sourced by the launcher for `headroom test`: $home and $jdk are set.

# The tools that tests use beside a JDK and Maven: program, Debian package.
tools="promtool:prometheus amtool:prometheus-alertmanager"
# Those that do not run from anywhere else than where they are installed.
installed="chromium:chromium pgbouncer:pgbouncer"
bin=$home/target/tools/usr/bin
PATH=$bin:$PATH:/usr/sbin

missing=
for tool in $tools; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || missing="$missing ${tool##*:}"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    # Only the programs are wanted: unpacked below target/, nothing is installed and no service starts.
    say "fetching Debian packages for the tests, unpacked into target/tools:$missing"
    mkdir -p "$home/target/tools/deb"
    (
        cd "$home/target/tools/deb" || exit 1
        # shellcheck disable=SC2086 # a list of packages
        { apt-get -qq -o APT::Sandbox::User=root download $missing || { apt-get -qq update && apt-get -qq -o APT::Sandbox::User=root download $missing; }; } &&
            for package in *.deb; do dpkg-deb -x "$package" "$home/target/tools"; done
    ) >"$home/target/tools.log" 2>&1 || say "could not fetch them: see target/tools.log"
fi
absent=
for tool in $installed; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || absent="$absent ${tool##*:}"
done
# A machine of CI is thrown away; into any other nothing is installed unasked.
if [ -n "$absent" ] && [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "CI: installing Debian packages for the tests:$absent"
    mkdir -p "$home/target"
    # No service of theirs starts: their tests start them.
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then policy=; else printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; fi
    # shellcheck disable=SC2086 # a list of packages
    (
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq -y --no-install-recommends install $absent || { apt-get -qq update && apt-get -qq -y --no-install-recommends install $absent; }
    ) >"$home/target/install.log" 2>&1 || say "could not install them: see target/install.log"
    [ -z "$policy" ] || rm -f "$policy"
fi
for tool in $tools $installed; do
    command -v "${tool%%:*}" >/dev/null 2>&1 ||
        say "${tool%%:*} is not here: its tests are skipped; install the Debian package ${tool##*:}"
done

command -v mvn >/dev/null 2>&1 || fail 2 "Maven is not on PATH: install it (Debian: apt-get install maven)"
code=0
(cd "$home" && JAVA_HOME=$jdk mvn -B -ntp --fail-at-end verify) || code=1
for room in $all; do [ -f "$home/$room/target/$room.jar" ] && touch "$home/$room/target/.built"; done
if [ "$code" = 0 ]; then
    JAVA_HOME=$jdk sh "$home/.ci/launcher-test.sh" || code=1
fi

# The whole in one line, and no skipped test where CI runs.
totals=$(cat "$home"/*/target/surefire-reports/TEST-*.xml 2>/dev/null | awk '
    /<testsuite / {
        n = f = s = 0
        if (match($0, / tests="[0-9]+"/)) n = substr($0, RSTART + 8, RLENGTH - 9)
        if (match($0, / errors="[0-9]+"/)) f += substr($0, RSTART + 9, RLENGTH - 10)
        if (match($0, / failures="[0-9]+"/)) f += substr($0, RSTART + 11, RLENGTH - 12)
        if (match($0, / skipped="[0-9]+"/)) s = substr($0, RSTART + 10, RLENGTH - 11)
        tests += n; failed += f; skipped += s
    }
    END { printf "%d %d %d", tests - failed - skipped, failed, skipped }')
set -- $totals
echo "$1 passed, $2 failed, $3 skipped"
if [ "${CI:-}" = true ] && [ "$3" -gt 0 ]; then
    grep -l '<skipped' "$home"/*/target/surefire-reports/TEST-*.xml >&2
    fail 1 "tests were skipped under CI=true"
fi
[ "$1" -gt 0 ] || fail 1 "no test ran"
exit "$code"
