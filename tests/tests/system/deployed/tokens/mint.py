"""Mints tokens with joserfc, a library that has nothing to do with ours: one good token, and what such a library makes of attacks.

Reads {"key", "kid", "claims"} from standard input, where the key is the issuer's in PEM, and writes a list of
{"name", "token", "good"}.
"""

import json
import sys
import warnings

from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

# The library warns of the weak keys and old algorithms that are wanted here.
warnings.simplefilter("ignore")

given = json.load(sys.stdin)
kid, claims = given["kid"], given["claims"]
issuer = RSAKey.import_key(given["key"])
stranger = RSAKey.generate_key(2048)
curve, edwards = ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")
minted = []


def mint(name, algorithm, key, header=None, good=False, **changed):
    members = {"alg": algorithm, "kid": kid, **(header or {})}
    members = {member: value for member, value in members.items() if value is not None}
    content = {claim: value for claim, value in {**claims, **changed}.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    token = jwt.encode(members, content, key, registry=registry, default_type=members.get("typ", "JWT"))
    minted.append({"name": name, "token": token, "good": good})


mint("a good token", "RS256", issuer, good=True)
mint("a good token of RFC 9068", "RS256", issuer, {"typ": "at+jwt"}, good=True)
mint("no algorithm", "none", OctKey.generate_key(256))
mint("the public key as a secret", "HS256", OctKey.import_key(issuer.as_dict(private=False)["n"]))
mint("an empty secret", "HS256", OctKey.import_key(b"\0"))
mint("a signature with RS512", "RS512", issuer)
mint("a signature with PS256", "PS256", issuer)
mint("a signature on an elliptic curve", "ES256", curve)
mint("a signature with Ed25519", "EdDSA", edwards)
mint("a stranger's key under the issuer's id", "RS256", stranger)
mint("a stranger's key in the header", "RS256", stranger, {"kid": "mine", "jwk": stranger.as_dict(private=False)})
mint("a stranger's key in the header, under the issuer's id", "RS256", stranger, {"jwk": stranger.as_dict(private=False)})
mint("a key id that is a path", "RS256", issuer, {"kid": "../../../../dev/null"})
mint("no key id", "RS256", issuer, {"kid": None})
mint("the type of an ID token", "RS256", issuer, {"typ": "id_token"})
mint("the type of a DPoP proof", "RS256", issuer, {"typ": "dpop+jwt"})
mint("an extension to be understood", "RS256", issuer, {"crit": ["b64"], "b64": True})
mint("bound to a key", "RS256", issuer, cnf={"jkt": issuer.thumbprint()})
mint("bound to a certificate", "RS256", issuer, cnf={"x5t#S256": issuer.thumbprint()})
mint("an ID token's nonce", "RS256", issuer, nonce="n-0S6_WzA2Mj")
mint("an ID token's hash", "RS256", issuer, at_hash="77QmUPtjPfzWtF2AnpK9RQ")
mint("another issuer", "RS256", issuer, iss="https://evil.example.com/")
mint("another audience", "RS256", issuer, aud=["https://evil.example.com/"])
mint("expired", "RS256", issuer, exp=claims["iat"] - 3600)
mint("not yet valid", "RS256", issuer, nbf=claims["iat"] + 3600)
mint("from the future", "RS256", issuer, iat=claims["iat"] + 3600)
mint("an expiry as a text", "RS256", issuer, exp=str(claims["exp"]))
mint("no expiry", "RS256", issuer, exp=None)
mint("no subject", "RS256", issuer, sub=None)
mint("a subject with a line break", "RS256", issuer, sub="auth0|a\nb")

registry = jwe.JWERegistry(algorithms=["RSA-OAEP-256", "A256GCM"], strict_check_header=False)
header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid, "cty": "JWT"}
token = jwe.encrypt_compact(header, minted[0]["token"], issuer, registry=registry)
minted.append({"name": "a good token, encrypted to the public key", "token": token, "good": False})

json.dump(minted, sys.stdout)
