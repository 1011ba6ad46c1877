extension Scenario {
    private static let export = "/api/v1/numbers/export"
    private static let `import` = "/api/v1/numbers/import"
    private static let header = "value,monthyPrice,setupPrice,currency\n"
    private static let third = "+55 84 91234-4323,1,2,R$\n"

    private static func file(
        _ name: String, _ body: String, to query: String = "", as type: String = "text/csv",
        gives status: Int, contains: [String] = [], omits: [String] = [],
        answers: [String: String] = [:]
    ) -> Scenario {
        Scenario(
            name, "POST", `import` + query, body, headers: ["Content-Type": type], gives: status,
            contains: contains, omits: omits, answers: answers)
    }

    static let exporting = [
        Scenario(
            "as a table", "GET", export, gives: 200,
            contains: [
                """
                \u{FEFF}value,monthyPrice,setupPrice,currency\r
                '+55 84 91234-4321,0.03,3.40,U$\r
                '+55 84 91234-4322,0.03,3.40,U$\r

                """
            ],
            answers: [
                "Content-Type": "text/csv; charset=utf-8; header=present", "Content-Length": "",
            ]),
        Scenario("as HEAD", "HEAD", export, gives: 200),
        Scenario(
            "as a table for a Brazilian spreadsheet", "GET",
            export + "?separator=;&decimal=,&ids=true", gives: 200,
            contains: [
                "id;value;monthyPrice;setupPrice;currency\r\n1;'+55 84 91234-4321;0,03;3,40;U$\r\n2;"
            ]),
        Scenario(
            "as lines of JSON", "GET", export + "?format=ndjson&sort=-value", gives: 200,
            contains: [
                #"{"value":"+55 84 91234-4322","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#
                    + "\n" + #"{"value":"+55 84 91234-4321","#
            ], answers: ["Content-Type": "application/x-ndjson"]),
        Scenario(
            "what is searched for", "GET", export + "?q=4322&currency=U$", gives: 200,
            contains: ["'+55 84 91234-4322"], omits: ["4321"]),
        Scenario(
            "what starts alike, at some prices", "GET",
            export + "?prefix=%2B55849123443&monthyPriceFrom=0.03&setupPriceTo=3.40", gives: 200,
            contains: ["'+55 84 91234-4321", "'+55 84 91234-4322"]),
        Scenario(
            "what costs more", "GET", export + "?setupPriceFrom=3.41", gives: 200, omits: ["+55"]),
        Scenario(
            "all that is wrong", "GET", export + "?prefix=x&monthyPriceFrom=1,5&format=json&ids=1",
            gives: 400,
            contains: [
                "4 parameters need attention: prefix, monthyPriceFrom, format, ids.",
                #"{"parameter":"monthyPriceFrom","detail":"must use a dot as the decimal separator: 1.5"}"#,
            ]),
        Scenario("nothing", "GET", export + "?currency=%E2%82%AC", gives: 200, omits: ["+55"]),
        Scenario(
            "a page of it", "GET", export + "?page=1", gives: 400,
            contains: ["page is not a parameter here: those are format, sort, q,"]),
        Scenario(
            "an unknown format", "GET", export + "?format=json", gives: 400,
            contains: ["format must be csv or ndjson."]),
        Scenario(
            "two commas", "GET", export + "?decimal=,", gives: 400,
            contains: ["decimal needs separator=; where it is a comma."]),
        Scenario(
            "a separator of no table", "GET", export + "?format=ndjson&separator=;", gives: 400),
        Scenario(
            "for whoever takes tables only", "GET", export, headers: ["Accept": "text/csv"],
            gives: 200),
        Scenario(
            "for whoever takes JSON only", "GET", export, headers: ["Accept": "application/json"],
            gives: 406, contains: ["This address answers text/csv or application/x-ndjson only."]),
    ]

    static let otherMethods = [
        Scenario(
            "deleted", "DELETE", export, gives: 405, answers: ["Allow": "GET, HEAD, OPTIONS"]),
        Scenario("read", "GET", `import`, gives: 405, answers: ["Allow": "POST, OPTIONS"]),
        Scenario(
            "asked for its methods", "OPTIONS", `import`, gives: 204,
            answers: ["Allow": "POST, OPTIONS"]),
    ]

    static let importing = [
        file(
            "a table", header + third, gives: 200,
            contains: [
                #"{"rows":1,"created":1,"changed":0,"unchanged":0,"errorCount":0,"errors":[],"decimal":null}"#
            ], answers: ["Change-Id": "3"]),
        file(
            "lines of JSON", Client.good.replacing("4321", with: "4323"),
            as: "application/x-ndjson", gives: 200, contains: [#""created":1"#]),
        file(
            "an array", "[" + Client.good.replacing("4321", with: "4323") + "]",
            as: "application/json", gives: 200, contains: [#""created":1"#]),
        file("with a charset", header + third, as: "text/csv; charset=UTF-8", gives: 200),
        file(
            "tried only", header + third, to: "?dryRun=true", gives: 200,
            contains: [#""created":1"#], answers: ["Change-Id": ""]),
        file("no rows", header, gives: 200, contains: [#"{"rows":0,"#], answers: ["Change-Id": ""]),
        file(
            "to update", "value;setupPrice\n+5584912344321;9,99\n", to: "?mode=update", gives: 200,
            contains: [#""created":0,"changed":1,"unchanged":0"#]),
        file(
            "with a decimal comma", header + "+55 84 91234-4323,\"3,40\",2,R$\n", gives: 200,
            contains: [#""decimal":",""#]),
        file(
            "read with a decimal point", "value;setupPrice\n+5584912344321;1.250\n",
            to: "?mode=update&decimal=.", gives: 200,
            contains: [#""changed":1"#, #""decimal":".""#]),
        file(
            "a price with two readings", "value;setupPrice\n+5584912344321;1.250\n",
            to: "?mode=update", gives: 422,
            contains: [
                #""pointer":"/setupPrice","detail":"could be 1250 or 1.250: write 1250 or 1.2500, or give decimal=. for the file"}],"decimal":null"#
            ]),
        file(
            "two decimal separators", "value;monthyPrice;setupPrice\n+5584912344321;0,50;1.250\n",
            to: "?mode=update", gives: 422,
            contains: ["could be 1250 or 1,250: ", "two decimal separators", #""decimal":",""#]),
        file(
            "a decimal separator of JSON", "[]", to: "?decimal=.", as: "application/json",
            gives: 400, contains: ["decimal is for CSV only."]),
        file(
            "an unknown decimal separator", header, to: "?decimal=;", gives: 400,
            contains: ["decimal must be . or ,."]),
        file(
            "by id", "id,value\n2,+55 84 91234-4329\n", to: "?mode=update", gives: 200,
            contains: [#""changed":1"#]),
        file(
            "to do both", header + "+5584912344321,0.03,3.4,U$\n" + third,
            to: "?mode=upsert",
            gives: 200, contains: [#""rows":2,"created":1,"changed":0,"unchanged":1"#]),
        file(
            "what is there", header + third + "+5584912344321,0.03,3.4,U$\n",
            gives: 422,
            contains: [
                #""errorCount":1,"errors":[{"line":3,"pointer":"/value","detail":"is already in the inventory as id 1"}]"#,
                "Nothing was imported: the file has an error, the first in line 3: value is already",
            ], answers: ["Change-Id": ""]),
        file(
            "what is not there", header + third, to: "?mode=update", gives: 422,
            contains: [#"{"line":2,"pointer":"/value","detail":"is not in the inventory"}"#]),
        file(
            "a number twice", header + third + third, gives: 422,
            contains: [
                #"{"line":3,"pointer":"/value","detail":"is the number of line 2 a second time"}"#
            ]),
        file(
            "another's number", "id,value\n1,+55 84 91234-4322\n", to: "?mode=update", gives: 422,
            contains: [
                #"{"line":2,"pointer":"/value","detail":"is already in the inventory as id 2"}"#
            ]),
        file(
            "an id of nobody", "id," + header + "99," + third, to: "?mode=upsert", gives: 422,
            contains: [#""pointer":"/id""#]),
        file(
            "errors of each kind", header + "x,,-1,banana\n+55 84,1\n", gives: 422,
            contains: [
                #""rows":2,"#, #""errorCount":5,"#,
                #"{"line":2,"pointer":"/monthyPrice","detail":"must not be empty"}"#,
                #"{"line":3,"pointer":"","detail":"has 2 cells, and the header 4"}"#,
            ]),
        file(
            "an unknown column", "value,monthlyPrice,setupPrice,currency\n", gives: 422,
            contains: [
                #"{"line":1,"pointer":"/monthlyPrice","detail":"is not a member of a number; did you mean monthyPrice?"}"#
            ]),
        file("no header", third, gives: 422, contains: ["has no header"]),
        file("nothing", "", gives: 422, contains: ["has no header"]),
        file(
            "what is not JSON", "[{]", as: "application/json", gives: 400,
            contains: [
                "/problems/malformed-body", "The file is not valid JSON: ", "at line 1, column 3.",
            ]),
        file("no array", "{}", as: "application/json", gives: 400),
        file(
            "another type", header, as: "application/vnd.ms-excel", gives: 415,
            contains: ["Send the body as text/csv or application/x-ndjson or application/json"],
            answers: ["Accept-Post": "text/csv, application/x-ndjson, application/json"]),
        file("another charset", header, as: "text/csv; charset=latin1", gives: 415),
        file(
            "an unknown mode", header, to: "?mode=replace", gives: 400,
            contains: ["mode must be create or update or upsert."]),
        file("a doubtful flag", header, to: "?dryRun=1", gives: 400),
    ]
}
