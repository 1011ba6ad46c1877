/// Names of parameters: aliases, those of other APIs, and ours.
extension Scenario {
    static let wrongAliases = each(
        "GET numbers?", gives: 400,
        [
            "page=1&_page=1": "_page has the same purpose as page: send only one of them.",
            "_limit=1&perPage=1": "perPage has the same purpose as _limit: send only one of them.",
            "_start=1&page=1": "_start has the same purpose as page: send only one of them.",
            "_start=1&_page=1": "_start has the same purpose as _page: send only one of them.",
            "_end=1&_page=1": "_end has the same purpose as _page: send only one of them.",
            "_end=1&perPage=1": "_end has the same purpose as perPage: send only one of them.",
            "sort=id&_sort=id": "_sort has the same purpose as sort: send only one of them.",
            "sort=id&_order=asc": "_order has the same purpose as sort: send only one of them.",
            "q=1&value_like=1": "value_like has the same purpose as q: send only one of them.",
            "prefix=1&value=1": "value has the same purpose as prefix: send only one of them.",
            "monthyPrice=1&monthyPriceTo=1":
                "monthyPriceTo has the same purpose as monthyPrice: send only one of them.",
            "_order=desc": "_order needs _sort with as many columns, without -.",
            "_sort=id&_order=asc,desc": "_order needs _sort with as many columns, without -.",
            "_sort=-id&_order=asc": "_order needs _sort with as many columns, without -.",
            "_sort=id&_order=down": "_order must be asc or desc for each column of _sort.",
            "_start=5&_end=1006": "_end must be greater than _start by 1 to 1000.",
            "_limit=x": #""errors":[{"parameter":"_limit","detail":"must be from 1 to 1000"}]"#,
            "setupPrice_gte=2&setupPrice_lte=1":
                "setupPrice_gte must not be greater than setupPrice_lte, which is 1.00.",
            "setupPrice=x": "setupPrice must be a decimal number such as 12.30.",
            "value_like=%5E55": "value_like searches for a text: it cannot be a pattern.",
            "id=1,x": "id must be ids such as 1,2,3.", "include=id": "include must be version.",
            "id=" + (1...501).map(String.init).joined(separator: ","):
                "id has 501 ids; send at most 500.",
        ])

    static let otherConventions =
        each(
            "GET numbers?", gives: 400,
            [
                "limit=10": "limit is not a parameter here; use perPage.",
                "pageSize=10": "pageSize is not a parameter here; use perPage.",
                "page%5Bsize%5D=10": "page[size] is not a parameter here; use perPage.",
                "offset=10":
                    "offset is not a parameter here; use page, which counts from 1, and perPage.",
                "range=[0,24]": "range is not a parameter here; use page and perPage.",
                "search=84": "search is not a parameter here; use q.",
                "order=desc": "use sort: sort=value, or sort=-value for descending order.",
                "sort_by=value": "use sort: sort=value, or sort=-value for descending order.",
                "filter%5Bcurrency%5D=U$": "use q, prefix, currency, id, or prices such as",
                "fields=id": "fields is not a parameter here; each number has all members.",
                "_embed=changes":
                    "_embed is not a parameter here; a number has no related resources.",
                "currency_ne=U$":
                    "currency_ne is not a parameter here; a filter cannot exclude numbers.",
                "currency_like=U":
                    "currency_like is not a parameter here; only q searches for a text.",
                "monthlyPrice=3":
                    "monthlyPrice is not a parameter here; did you mean monthyPrice?\"",
                "monthyPrice%5Bgte%5D=1":
                    "monthyPrice[gte] is not a parameter here; use monthyPriceFrom.",
                "setupPriceMax=1": "setupPriceMax is not a parameter here; use setupPriceTo.",
                "id_gte=7": "id_gte is not a parameter here; only prices have bounds: use",
                "sort=value:desc":
                    "sort must have the form sort=value, or sort=-value for descending",
                "prefix=084":
                    "prefix must begin with a country code, such as 55; none begins with 0.",
            ])
        + each(
            "GET changes?", gives: 400,
            [
                "_page=1": "_page is not a parameter here; did you mean page?",
                "limit=1": "limit is not a parameter here; use perPage.",
                "search=1": "search is not a parameter here: use page, perPage,",
            ])

    static let aliases = [
        Scenario(
            "GET numbers?_page=2&_limit=1&_sort=monthyPrice,value&_order=asc,DESC", gives: 200,
            #"[{"id":1,"#, lacks: [#""id":2"#],
            has: [
                "X-Total-Count": "2",
                "Link": links(
                    "_page=*&_limit=1&_sort=monthyPrice%2Cvalue&_order=asc%2CDESC",
                    [("1", "first"), ("1", "prev"), ("2", "last")]),
            ]),
        Scenario(
            "GET numbers?_start=1&_end=21", gives: 200, #"[{"id":2,"#,
            has: [
                "X-Total-Count": "2",
                "Link": links(
                    "_start=0&_end=20*", [("", "first"), ("", "prev"), ("", "last")]),
            ]),
        Scenario(
            "GET numbers?_start=0&_limit=1&_sort=value&_order=desc", gives: 200, #"[{"id":2,"#,
            has: [
                "Link": links(
                    "_start=*&_limit=1&_sort=value&_order=desc",
                    [("0", "first"), ("1", "next"), ("1", "last")])
            ]),
        Scenario(
            "GET numbers?_limit=1", gives: 200,
            has: [
                "Link": links("_limit=1&_page=*", [("1", "first"), ("2", "next"), ("2", "last")])
            ]),
        Scenario(
            "GET numbers?page=1&_limit=1", gives: 200,
            has: [
                "Link": links("page=*&_limit=1", [("1", "first"), ("2", "next"), ("2", "last")])
            ]),
        Scenario("GET numbers?id=2&id=7", gives: 200, #"[{"id":2,"#, has: ["X-Total-Count": "1"]),
        Scenario(
            "GET numbers?id=2,1&perPage=1", gives: 200, #"[{"id":1,"#, lacks: [#""id":2"#],
            has: ["X-Total-Count": "2"]),
        Scenario("GET numbers/export?id=2,7&format=ndjson", gives: 200, "4322", lacks: ["4321"]),
        Scenario(
            "GET numbers?include=version&id=1", gives: 200, #""currency":"U$","version":1}]"#),
    ]

    private static func links(_ query: String, _ pages: [(String, String)]) -> String {
        pages.map { page, relation in
            let query = query.replacing("*", with: page)
            return "<http://localhost/api/v1/numbers?\(query)>; rel=\"\(relation)\""
        }.joined(separator: ", ")
    }

    static let index =
        [
            Scenario(
                "GET /api/v1", gives: 200, #"{"numbers":"http://localhost/api/v1/numbers","#,
                #""documentation":"http://localhost/docs"}"#),
            Scenario("HEAD /api/v1/", gives: 200),
            Scenario("GET /api/v1", with: ["If-None-Match": "*"], gives: 304),
        ]
        + ["/api/v1", "numbers/1", "changes/1", "users/1", "sessions/current"].map {
            Scenario("GET \($0)?page=1", gives: 400, "page is not a parameter here.")
        }
}
