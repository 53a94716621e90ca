// Certificates and keys made for the tests, of a CA that nobody trusts: example.org, leaf of
// "Example CA 1", once valid until 2026-04-20 12:00 UTC (old), once until 2026-07-17 (new), once
// until 2026-04-26 (soon), all with kKey.
#pragma once

namespace ngxdiag::test {

inline constexpr const char* kOldLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfzCCASSgAwIBAgIBUTAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxFeGFtcGxl\n"
    "IENBIDEwHhcNMjYwMTIwMTIwMDAwWhcNMjYwNDIwMTIwMDAwWjAWMRQwEgYDVQQD\n"
    "DAtleGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNVBmAviShCG\n"
    "nJz6s3KTsQ4cwGnSagwLBm+JtOeMybDCQkIHdA5VP9i8O7ql9SUVLzZeeq4mtRf9\n"
    "+oKdtntsoxCjYjBgMCUGA1UdEQQeMByCC2V4YW1wbGUub3Jngg0qLmV4YW1wbGUu\n"
    "b3JnMDcGCCsGAQUFBwEBBCswKTAnBggrBgEFBQcwAoYbaHR0cDovL2NhLmV4YW1w\n"
    "bGUubmV0L2kuZGVyMAoGCCqGSM49BAMCA0kAMEYCIQCUfJ5SNk/+Sd5S1TO8H7/p\n"
    "LhSgFU/4RrZDz0/a6nauagIhAPRPfTYJRwcVHr71fEAYHLMPSY86C7CBml8gzoMC\n"
    "ziuM\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* kNewLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfzCCASSgAwIBAgIBUjAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxFeGFtcGxl\n"
    "IENBIDEwHhcNMjYwNDE4MTIwMDAwWhcNMjYwNzE3MTIwMDAwWjAWMRQwEgYDVQQD\n"
    "DAtleGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNVBmAviShCG\n"
    "nJz6s3KTsQ4cwGnSagwLBm+JtOeMybDCQkIHdA5VP9i8O7ql9SUVLzZeeq4mtRf9\n"
    "+oKdtntsoxCjYjBgMCUGA1UdEQQeMByCC2V4YW1wbGUub3Jngg0qLmV4YW1wbGUu\n"
    "b3JnMDcGCCsGAQUFBwEBBCswKTAnBggrBgEFBQcwAoYbaHR0cDovL2NhLmV4YW1w\n"
    "bGUubmV0L2kuZGVyMAoGCCqGSM49BAMCA0kAMEYCIQDagEu+w0n9wSAKfEmo9D3B\n"
    "4vWlimDOWkuCi1C4CX0DUAIhAJmztfMayMs3gSayU9i1VpRd2bL9DRokZ/YNY8Il\n"
    "tFWp\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* kSoonLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfjCCASSgAwIBAgIBUzAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxFeGFtcGxl\n"
    "IENBIDEwHhcNMjYwMTI2MTIwMDAwWhcNMjYwNDI2MTIwMDAwWjAWMRQwEgYDVQQD\n"
    "DAtleGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNVBmAviShCG\n"
    "nJz6s3KTsQ4cwGnSagwLBm+JtOeMybDCQkIHdA5VP9i8O7ql9SUVLzZeeq4mtRf9\n"
    "+oKdtntsoxCjYjBgMCUGA1UdEQQeMByCC2V4YW1wbGUub3Jngg0qLmV4YW1wbGUu\n"
    "b3JnMDcGCCsGAQUFBwEBBCswKTAnBggrBgEFBQcwAoYbaHR0cDovL2NhLmV4YW1w\n"
    "bGUubmV0L2kuZGVyMAoGCCqGSM49BAMCA0gAMEUCIQCinp9MTrXxhIimqoG6gcY/\n"
    "3ey8P+Bt5ouBBktjBcpteQIgXd7htM7/jeGvmd9ltYdlY3zOdyT42JIuk8gyWGJM\n"
    "82I=\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* kIntermediate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBLzCB1qADAgECAgFUMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDEV4YW1wbGUg\n"
    "Um9vdDAeFw0yNDAxMDExMjAwMDBaFw0zNDAxMDExMjAwMDBaMBcxFTATBgNVBAMM\n"
    "DEV4YW1wbGUgQ0EgMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBWA+9fyP52U\n"
    "EPxbhe3oRbkx8q0QjKTIuITg1t1a7EiGlOQWK50NrnD0A6LkYNyuranpRJcASYGr\n"
    "yhAfnB9qwCGjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIh\n"
    "ALraN+z0XwLZdOYRiZuMgvOrctszpyMfona//F6W6eJBAiAaBjeL3+3YtWdCEqt9\n"
    "wWCMAt5XkEJFsNwxFGlOGRF9xg==\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* kWeakSelfSigned =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICNTCCAZ6gAwIBAgIUB243lZb86aKeoXyuii9GtfwIivgwDQYJKoZIhvcNAQEF\n"
    "BQAwGzEZMBcGA1UEAwwQd2Vhay5leGFtcGxlLm5ldDAeFw0yNjExMjAxNDUyNTBa\n"
    "Fw0zNjExMTcxNDUyNTBaMBsxGTAXBgNVBAMMEHdlYWsuZXhhbXBsZS5uZXQwgZ8w\n"
    "DQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBANPIvl4/MdDPsfNBXKSUegU/+Q5ID3PN\n"
    "PJp+JlUc7vd6RivqubZ96bWYtqLuC7ozFQMQ8aRFBJNPOoULUTb5eR0c5uLPkzy2\n"
    "KyrbqoABzsev60ntUfvZQ2AIqN3AWSnmsuKO5J/BR5nthJyxH9xv0YypMa7WEGQM\n"
    "azzLToN2ngtvAgMBAAGjdjB0MB0GA1UdDgQWBBRQH6eVtkufmjwRxvM/YDr0heh+\n"
    "FTAfBgNVHSMEGDAWgBRQH6eVtkufmjwRxvM/YDr0heh+FTAPBgNVHRMBAf8EBTAD\n"
    "AQH/MCEGA1UdEQQaMBiCEHdlYWsuZXhhbXBsZS5uZXSHBMAAAgEwDQYJKoZIhvcN\n"
    "AQEFBQADgYEAcvegwLn5Re0mAbUBFLZ553WK8pprM+AsmJJBYRyUa/C9WHxd4eob\n"
    "zSzsOMlps1g+4jW6cxyPuXRtjdY+DqUKGTvwdBSNZudR4PvJ8GH4CuzqF37w/SUz\n"
    "am/ZordnWeehz3ZQ6eqKAbSgEg7IJzmkJwqStyL1ZHyh2+WL4sgpa0g=\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* kKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxszRlE/oGwl9XsUT\n"
    "sJ/fgz1rRQnT/LlS6vOF3la0e4KhRANCAATVQZgL4koQhpyc+rNyk7EOHMBp0moM\n"
    "CwZvibTnjMmwwkJCB3QOVT/YvDu6pfUlFS82XnquJrUX/fqCnbZ7bKMQ\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr const char* kOtherKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgf0t4jsG3MP0MDTE8\n"
    "B85TVHcLPf4mTl6lV+4txGMkIlChRANCAATztLhD5pNyZG9YQjz5dldKpblKG13+\n"
    "C8qqZTCoj8zk/dCArgrhG/XdUxvx20zwwJaPwJqYDEu3Y2OQZMBsLm8M\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr const char* kEncryptedKey =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBCrWvRM+dBNM/y59MwN\n"
    "iGhsAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQGFjKnjxp0owcCtpN\n"
    "Z/r7TQSBkIDoJOnKno4M1xyzU8HZmTkPnV9pqcMLoWSIHsRlEJnOwl5SqFl652+f\n"
    "AUoUIL18Ghh2L0EvdJVRwwrql6X+8DJVcsVxreC3w66tZuApGUagNffThhg1nNUR\n"
    "+Otv6FKUGL6INQ8flgGS2qhRjt74HVgyoV0NoKObnpsyIob4HupRXRkMO7Vh2/Jl\n"
    "f8RIxxPE3Q==\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

}  // namespace ngxdiag::test
