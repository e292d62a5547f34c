
# The configuration that the line names, or else the usual one.
function _dromedary_config() {
  local word before="" file=""
  for word in "${COMP_WORDS[@]}"; do
    if [ "$word" != "=" ]; then
      if [ "$before" = "--config" ]; then file=$word; fi
      before=$word
    fi
  done
  for word in "$file" config/application.properties /etc/dromedary/config/application.properties; do
    if [ -n "$word" ] && [ -r "$word" ]; then echo "$word"; return; fi
    if [ -n "$file" ]; then return; fi
  done
}

# The mirrors and the targets in it.
function _dromedary_targets() {
  local config
  config=$(_dromedary_config)
  if [ -n "$config" ]; then
    sed -n -e 's/^[[:space:]]*mirror\.\([A-Za-z0-9_-]*\)\.target\.\([A-Za-z0-9_-]*\)\.url[[:space:]]*[=:].*/\1 \1\/\2/p' \
      -e 's/^[[:space:]]*mirror\.\([A-Za-z0-9_-]*\)\.source[[:space:]]*[=:].*/\1/p' "$config" 2>/dev/null | tr ' ' '\n' | sort -u
  fi
}

# The dead letters in its state folder, if that may be read.
function _dromedary_letters() {
  local config state file
  config=$(_dromedary_config)
  if [ -n "$config" ]; then
    state=$(sed -n 's/^[[:space:]]*dromedary\.state-dir[[:space:]]*[=:][[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1/p' "$config" 2>/dev/null | tail -n 1)
    state=${state:-state}
    # the package's configuration counts from /etc/dromedary
    case $state:$config in
      /*:*) ;;
      *:/etc/dromedary/config/*) state=/etc/dromedary/$state ;;
    esac
    find "$state/dead-letter" -type f -name '*.jsonl' 2>/dev/null | sed 's/.*\///; s/\.jsonl$//' | sort
  fi
}
