#!/bin/sh
# What the launcher promises, tried on a copy of the checkout in a path with a space.
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone="$scratch/a clone"
mkdir "$clone"
cp "$home/headroom" "$home/pom.xml" "$clone/"
failed=0

# expect NAME CODE PATTERN COMMAND...: runs the command, compares exit code and output.
expect() {
    name=$1 wanted=$2 pattern=$3; shift 3
    code=0
    output=$("$@" 2>&1) || code=$?
    if [ "$code" = "$wanted" ] && printf '%s' "$output" | grep -q -- "$pattern"; then
        echo "launcher: $name"
    else
        echo "launcher: FAILED $name: exit $code (wanted $wanted), output:"; printf '%s\n' "$output"
        failed=1
    fi
}

# A JDK that says it is of version $1.
jdk_of() {
    mkdir -p "$scratch/jdk$1/bin"
    printf '#!/bin/sh\necho "    java.specification.version = %s" >&2\n' "$1" >"$scratch/jdk$1/bin/java"
    cp "$scratch/jdk$1/bin/java" "$scratch/jdk$1/bin/javac"
    chmod +x "$scratch/jdk$1/bin/java" "$scratch/jdk$1/bin/javac"
    echo "$scratch/jdk$1"
}

expect "alone it prints its commands" 0 "headroom demo" "$clone/headroom"
expect "an unknown command is refused" 2 "unknown command 'dance'" "$clone/headroom" dance
expect "a JDK that is too old is refused by name" 2 "this is Java 11" env JAVA_HOME="$(jdk_of 11)" "$clone/headroom" capacity
expect "Java 8 counts as 8" 2 "this is Java 8" env JAVA_HOME="$(jdk_of 1.8)" "$clone/headroom" capacity
expect "a JAVA_HOME without a JDK is refused" 2 "no JDK there" env JAVA_HOME="$scratch" "$clone/headroom" capacity

# Two launchers at once: a Maven of ours that counts its calls and makes the jar.
real=${JAVA_HOME:?}
mkdir "$scratch/bin"
cat >"$scratch/bin/mvn" <<END
#!/bin/sh
echo built >>"$scratch/builds"
sleep 2
mkdir -p alerts/target/lib && cp "$home/alerts/target/alerts.jar" alerts/target/ && cp "$home"/alerts/target/lib/* alerts/target/lib/
END
chmod +x "$scratch/bin/mvn"
mkdir -p "$clone/alerts"
cp "$home/alerts/pom.xml" "$clone/alerts/"
for n in 1 2; do
    JAVA_HOME=$real PATH="$scratch/bin:$PATH" "$clone/headroom" alerts --version >"$scratch/out$n" 2>&1 &
done
wait
expect "two launchers in one clone build once" 0 '^1$' sh -c "grep -c built '$scratch/builds'"
expect "and both start the program" 0 '^2$' sh -c "cat '$scratch/out1' '$scratch/out2' | grep -c '^headroom: Java'"
expect "who waits says so" 0 "waiting" cat "$scratch/out1" "$scratch/out2"
cat >"$scratch/bin/mvn" <<END
#!/bin/sh
echo "a compiler error"
exit 1
END
touch "$clone/alerts/pom.xml" -d '+1 minute'
expect "a build that fails shows why and exits 1" 1 "a compiler error" env JAVA_HOME="$real" PATH="$scratch/bin:$PATH" "$clone/headroom" alerts --version
# Everything the launcher calls but Maven.
mkdir "$scratch/path"
for program in sh dirname uname awk find head paste cat mkdir touch flock tail tr readlink; do
    ln -s "$(command -v "$program")" "$scratch/path/$program"
done
expect "a missing Maven is named" 2 "Maven is not on PATH" env JAVA_HOME="$real" PATH="$scratch/path" "$clone/headroom" alerts --version
exit "$failed"
