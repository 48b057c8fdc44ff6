# How lotus and lotus-miner are run on a miner host.

# with_profile PROFILE COMMAND…: with the variables of the profile. What a session of ours has set must not lead it to
# another node.
with_profile() {
  (
    profile=$1
    shift
    [[ -r $profile ]] || { echo "$profile cannot be read" >&2; exit 66; }
    unset FULLNODE_API_INFO MINER_API_INFO STORAGE_API_INFO MARKETS_API_INFO
    set +eu
    # shellcheck disable=SC1090 # the host's
    source "$profile" >/dev/null 2>&1 </dev/null
    exec "$@" </dev/null 3>&-
  )
}
