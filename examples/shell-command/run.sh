#!/bin/sh
# An agent as a command: the trial as JSON on standard input, one JSON document on standard output.
# Word lists stand in for a model; sed takes from the JSON what this needs.
trial=$(cat)
field() { printf '%s' "$trial" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
input=$(field input)
prompt=$(printf '%s' "$trial" | sed 's/.*"messages":\[\(.*\)\],"parameters".*/\1/' | tr 'A-Z' 'a-z')

case $input in
*great* | *love* | *excellent* | *wonderful* | *happy* | *perfect* | *fine* | *best*) label=positive ;;
*) label=negative ;;
esac
# What a real model does too: the clearer the prompt, the more often its answer can be used.
clear=4
for hint in only exactly label check example before; do
  case $prompt in *"$hint"*) clear=$((clear + 2)) ;; esac
done
luck=$(printf '%s' "$trial" | sed 's/.*"\(external_id\)":"\([^"]*\)".*"repeat":\([0-9]*\),"seed":\([0-9]*\).*/\2 \3 \4/' | cksum | cut -d ' ' -f 1)
[ $((luck % 10)) -ge "$clear" ] && label="I cannot tell."

printf '{"contract":1,"output":"%s","cost_usd":0}\n' "$label"
