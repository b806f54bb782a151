# Varnish 6 or newer in front of Newsroom, with the module xkey (Debian: varnish-modules). docs/cdn.md explains it.
vcl 4.1;

import xkey;

# Where Newsroom listens.
backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
}

# The machines on which Newsroom runs: nobody else may purge.
acl may_purge {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ may_purge) {
            return (synth(403, "Forbidden"));
        }
        if (req.http.purge-everything) {
            # True of every page that is kept.
            ban("obj.status != 0");
            return (synth(200, "Purged everything"));
        }
        if (req.http.xkey-purge) {
            # Not softpurge: that keeps a withdrawn story, and serves it once more.
            set req.http.purged = xkey.purge(req.http.xkey-purge);
            return (synth(200, "Purged " + req.http.purged));
        }
        return (synth(400, "Purge what?"));
    }

    # TLS ends before this Varnish (Newsroom: BEHIND_TLS_PROXY=true). Without TLS, leave this line out.
    set req.http.X-Forwarded-Proto = "https";

    # Whoever works at the desk gets pages from Newsroom itself; of any other cookie it hears nothing.
    if (req.http.Cookie ~ "(^|;[ ]*)(sessionid|csrftoken|messages)=") {
        return (pass);
    }
    unset req.http.Cookie;
}

sub vcl_deliver {
    # For this cache alone.
    unset resp.http.xkey;
    if (obj.hits > 0) {
        set resp.http.X-Varnish-Cache = "hit";
    } else {
        set resp.http.X-Varnish-Cache = "miss";
    }
}
