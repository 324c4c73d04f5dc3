#!/usr/bin/env bash
# Ends what a process has started for a while, as soon as that process ends, however it ends: its end
# closes the pipe that is this script's standard input, even after kill -9.
#
# Usage: guard.sh DIRECTORY, whose name ends in -ID. Ended are all processes that carry the variable
# PLINTH_OWNED_ID=1 or work in DIRECTORY; then DIRECTORY is removed. See guard.ts.
set -u
directory=$1
mark="PLINTH_OWNED_${directory##*-}=1"

# What this script starts is nobody's to end. Its own environment, as /proc shows it, stays.
unset PLINTH_GUARD "${!PLINTH_OWNED_@}"

while read -r _; do :; done

# /proc/<pid> of each process to end. A guard of another directory is waited for, and not ended: the
# process that it watches is ended, so it will remove what it is there for.
owned() {
  grep -lszxF -- "$mark" /proc/[0-9]*/environ | sed 's#/environ$##'
  find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$directory" -o -lname "$directory/*" \) 2>/dev/null |
    sed 's#/cwd$##'
}

patience=$((SECONDS + 10))
while processes=$(owned) && [[ -n $processes ]] && ((SECONDS < patience + 20)); do
  for process in $processes; do
    if grep -qszx 'PLINTH_GUARD=1' "$process/environ"; then continue; fi
    name=$(cat "$process/comm" 2>/dev/null)
    # PostgreSQL's immediate shutdown, which frees its shared memory. The others hold nothing.
    if [[ $name == postgres ]] && ((SECONDS < patience)); then signal=QUIT; else signal=KILL; fi
    kill -"$signal" "${process#/proc/}" 2>/dev/null
  done
  sleep 0.05
done

rm -rf -- "$directory"
