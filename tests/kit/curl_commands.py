"""Commands of curl as people write them, and the request that each would send; HERE stands for an address."""

from tui.airisk.models import Draft, Upload

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)

WRITTEN: dict[str, Draft] = {
    "curl HERE": Draft("GET", "/api/x"),
    "$ curl HERE": Draft("GET", "/api/x"),
    "curl https://DEMO.aicrisk.com:443": Draft("GET", "/"),
    "curl demo.aicrisk.com/api/x": Draft("GET", "/api/x"),
    "curl https://demo.aicrisk.com?a=b#c": Draft("GET", "/", (("a", "b"),)),
    "curl 'https://demo.aicrisk.com/ü b|'": Draft("GET", "/%C3%BC%20b%7C"),
    "curl --url HERE -I": Draft("HEAD", "/api/x"),
    "curl -XDELETE HERE": Draft("DELETE", "/api/x"),
    "curl -sX PUT HERE -o f -w '%{http_code}'": Draft("PUT", "/api/x"),
    "curl HERE -d a=1 -d b=2": Draft("POST", "/api/x", (), FORM, b"a=1&b=2"),
    "curl HERE -da=1": Draft("POST", "/api/x", (), FORM, b"a=1"),
    "curl HERE?a=1 -G -d b=2 --data-urlencode 'c=x d'": Draft("GET", "/api/x?a=1&b=2&c=x+d"),
    "curl HERE --url-query 'a=b&'": Draft("GET", "/api/x", (("a", "b&"),)),
    "curl HERE --data-urlencode '=a b'": Draft("POST", "/api/x", (), FORM, b"a+b"),
    "curl HERE --json '{' --json '}'": Draft("POST", "/api/x", (), (*JSON, ("Accept", "application/json")), b"{}"),
    "curl HERE -d '{}' -H 'content-type:application/json'": Draft(
        "POST", "/api/x", (), (("content-type", "application/json"),), b"{}"
    ),
    "curl HERE -d a -H Content-Type:": Draft("POST", "/api/x", body=b"a"),
    "curl HERE -H 'X-None;' -H 'Accept: application/json, */*;q=0.1' -A me -e here": Draft(
        "GET", "/api/x", (), (("X-None", ""), ("User-Agent", "me"), ("Referer", "here"))
    ),
    "curl HERE -H ':authority: demo.aicrisk.com'": Draft("GET", "/api/x"),
    'curl HERE -d "a \\" \\$ \\` b\\\nc"': Draft("POST", "/api/x", (), FORM, b'a " $ ` bc'),
    "curl HERE -d $'\\x41\\102\\t\\?\\cA\\q\\U0001F600'": Draft(
        "POST", "/api/x", (), FORM, b"AB\t?\x01\\q\xf0\x9f\x98\x80"
    ),
    "curl HERE -d a\\ b'c'\"d\"": Draft("POST", "/api/x", (), FORM, b"a bcd"),
    "printf %b 'a\\0351\\n' | curl HERE --data-binary @- -H Content-Type:": Draft("POST", "/api/x", body=b"a\xe9\n"),
    "curl HERE -F a=b -F 'c=\"d;e\"' --form-string 'f=@g'": Draft(
        "POST", "/api/x", files=(Upload("a", "", b"b"), Upload("c", "", b"d;e"), Upload("f", "", b"@g"))
    ),
    'curl -H "Authorization: Bearer $AIRISK_TOKEN" HERE': Draft("GET", "/api/x"),
    "curl HERE > answer.json": Draft("GET", "/api/x"),
    "curl HERE 2> /dev/null | jq .": Draft("GET", "/api/x"),
    "curl HERE \\": Draft("GET", "/api/x"),
}
