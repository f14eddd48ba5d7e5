using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace Weft.LoadBench;

/// <summary>nginx, as the back end of every peer and as a peer. One process without a master, so that its CPU time is one figure.</summary>
internal static class NginxPeer
{
    private const string Common = """
        daemon off; master_process off; error_log stderr warn; pid FOLDER/NAME.pid;
        events { worker_connections 4096; }
        http {
          access_log off; keepalive_requests 1000000; client_body_temp_path FOLDER/NAME-b; proxy_temp_path FOLDER/NAME-p;
          fastcgi_temp_path FOLDER/NAME-f; uwsgi_temp_path FOLDER/NAME-u; scgi_temp_path FOLDER/NAME-s;

        """;

    private const string ServerTls = "ssl_certificate FOLDER/cert.pem; ssl_certificate_key FOLDER/key.pem; ssl_client_certificate FOLDER/ca.pem; ssl_verify_client on; ssl_protocols TLSv1.3;";
    private const string ClientTls = "proxy_ssl_certificate FOLDER/cert.pem; proxy_ssl_certificate_key FOLDER/key.pem; proxy_ssl_trusted_certificate FOLDER/ca.pem; proxy_ssl_verify off; proxy_ssl_protocols TLSv1.3; proxy_ssl_session_reuse on;";

    public static Measured StartBackend(string folder)
    {
        string body = new('x', 1024);
        return Start(folder, "backend", "0", $$"""
              server { listen 127.0.0.1:{{Ports.BackendPlain}} backlog=4096; location / { return 200 "{{body}}"; } }
              server { listen 127.0.0.1:{{Ports.BackendTls}} ssl backlog=4096; {{ServerTls}} location / { return 200 "{{body}}"; } }
            }
            """);
    }

    public static IReadOnlyList<Measured> Start(string folder, Ports ports) =>
    [
        Start(folder, "nginx-front", "1", $$"""
              upstream plain { server 127.0.0.1:{{Ports.BackendPlain}}; keepalive 256; keepalive_requests 1000000; }
              upstream mtls { server 127.0.0.1:{{Ports.BackendTls}}; keepalive 256; keepalive_requests 1000000; }
              upstream pair { server 127.0.0.1:{{ports.PairBack}}; keepalive 256; keepalive_requests 1000000; }
              proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Request-ID $request_id; {{ClientTls}}
              server { listen 127.0.0.1:{{ports.Plain}} backlog=4096; location / { proxy_pass http://plain; } }
              server { listen 127.0.0.1:{{ports.Mtls}} backlog=4096; location / { proxy_pass https://mtls; } }
              server { listen 127.0.0.1:{{ports.Pair}} backlog=4096; location / { proxy_pass https://pair; } }
            }
            """),
        Start(folder, "nginx-back", "1", $$"""
              upstream plain { server 127.0.0.1:{{Ports.BackendPlain}}; keepalive 256; keepalive_requests 1000000; }
              proxy_http_version 1.1; proxy_set_header Connection "";
              server { listen 127.0.0.1:{{ports.PairBack}} ssl backlog=4096; {{ServerTls}} location / { proxy_pass http://plain; } }
            }
            """),
    ];

    private static Measured Start(string folder, string name, string core, string servers)
    {
        string file = Path.Combine(folder, name + ".conf");
        File.WriteAllText(file, (Common + servers).Replace("FOLDER", folder, System.StringComparison.Ordinal).Replace("NAME", name, System.StringComparison.Ordinal));
        return new(name, Process.Start("taskset", ["-c", core, "nginx", "-c", file, "-p", folder]));
    }
}
