extension Scenario {
    private static let header = "value,monthyPrice,setupPrice,currency\n"
    private static let workbook =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    private static let third = "+55 84 91234-4323,1,2,R$\n"

    private static func file(
        _ body: String, to query: String = "", as type: String = "text/csv", gives status: Int,
        _ parts: String..., has headers: [String: String] = [:]
    ) -> Scenario {
        Scenario(
            request: "POST numbers/import" + query, body: body, headers: ["Content-Type": type],
            status: status, parts: parts, responseHeaders: headers)
    }

    static let exporting = [
        Scenario(
            "GET numbers/export", gives: 200,
            """
            \u{FEFF}value,monthyPrice,setupPrice,currency\r
            '+55 84 91234-4321,0.03,3.40,U$\r
            '+55 84 91234-4322,0.03,3.40,U$\r

            """,
            has: ["Content-Type": "text/csv; charset=utf-8; header=present", "Content-Length": ""]),
        Scenario("HEAD numbers/export", gives: 200),
        Scenario(
            "GET numbers/export?format=xlsx&ids=true", gives: 200, "PK", "xl/worksheets/sheet1.xml",
            has: ["Content-Type": workbook]),
        Scenario(
            "GET numbers/export?separator=;&decimal=,&ids=true", gives: 200,
            "id;value;monthyPrice;setupPrice;currency\r\n1;'+55 84 91234-4321;0,03;3,40;U$\r\n2;"),
        Scenario(
            "GET numbers/export?format=ndjson&sort=-value", gives: 200,
            #"{"value":"+55 84 91234-4322","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#
                + "\n" + #"{"value":"+55 84 91234-4321","#,
            has: ["Content-Type": "application/x-ndjson"]),
        Scenario(
            "GET numbers/export?q=4322&currency=U$", gives: 200, "'+55 84 91234-4322",
            lacks: ["4321"]),
        Scenario(
            "GET numbers/export?prefix=%2B55849123443&monthyPriceFrom=0.03&setupPriceTo=3.40",
            gives: 200, "'+55 84 91234-4321", "'+55 84 91234-4322"),
        Scenario("GET numbers/export?setupPriceFrom=3.41", gives: 200, lacks: ["+55"]),
        Scenario("GET numbers/export?currency=%E2%82%AC", gives: 200, lacks: ["+55"]),
        Scenario("GET numbers/export", with: ["Accept": "text/csv"], gives: 200),
        Scenario(
            "GET numbers/export", with: ["Accept": "application/json"], gives: 406,
            "This address responds with text/csv or application/x-ndjson or \(workbook) only."),
    ]

    static let wrongExports = each(
        "GET numbers/export?", gives: 400,
        [
            "prefix=x&monthyPriceFrom=1,5&format=json&ids=1":
                "4 parameters need attention: prefix, monthyPriceFrom, format, ids.",
            "monthyPriceFrom=1,5":
                #"{"parameter":"monthyPriceFrom","detail":"must use a dot as the decimal separator: 1.5"}"#,
            "page=1": "page is not a parameter here: use format, sort, q,",
            "format=json": "format must be csv or ndjson or xlsx.",
            "decimal=,": "decimal needs separator=; where it is a comma.",
            "format=ndjson&separator=;": "separator is for format=csv only.",
            "format=xlsx&separator=;": "separator is for format=csv only.",
            "format=xlsx&decimal=,":
                #""errors":[{"parameter":"decimal","detail":"is for format=csv only"}]"#,
        ])

    static let otherMethods = [
        Scenario("DELETE numbers/export", gives: 405, has: ["Allow": "GET, HEAD, OPTIONS"]),
        Scenario("GET numbers/import", gives: 405, has: ["Allow": "POST, OPTIONS"]),
        Scenario("OPTIONS numbers/import", gives: 204, has: ["Allow": "POST, OPTIONS"]),
    ]

    static let importing = [
        file(
            header + third, gives: 200,
            #"{"rows":1,"created":1,"changed":0,"unchanged":0,"errorCount":0,"errors":[],"decimal":null,"separator":",","encoding":"UTF-8","ignored":[],"unknown":[],"notes":[]}"#,
            has: ["Change-Id": "3"]),
        file(
            Client.good.replacing("4321", with: "4323"), as: "application/x-ndjson", gives: 200,
            #""created":1"#),
        file(
            "[" + Client.good.replacing("4321", with: "4323") + "]", as: "application/json",
            gives: 200, #""created":1"#),
        file(header + third, as: "text/csv; charset=UTF-8", gives: 200),
        file(header + third, as: "application/octet-stream", gives: 200),
        file(header + third, as: "application/vnd.ms-excel", gives: 200),
        file(header + third, as: "text/plain; charset=utf-16", gives: 200),
        file(
            header + third, to: "?dryRun=true", gives: 200, #""created":1"#, has: ["Change-Id": ""]),
        file(header, gives: 200, #"{"rows":0,"#, has: ["Change-Id": ""]),
        file(
            "value;setupPrice\n+5584912344321;9,99\n", to: "?mode=update", gives: 200,
            #""created":0,"changed":1,"unchanged":0"#),
        file(header + "+55 84 91234-4323,\"3,40\",2,R$\n", gives: 200, #""decimal":",""#),
        file(
            "value;setupPrice\n+5584912344321;1.250\n", to: "?mode=update&decimal=.", gives: 200,
            #""changed":1"#, #""decimal":".""#),
        file(
            "Number\tMonthly price\tCountry\n+55 84 91234-4321\t0,05\tBR\n+55 84 91234-4322\t0,03\tBR\n",
            to: "?mode=update&dryRun=true&ignore=country", as: "text/tab-separated-values",
            gives: 200,
            #""changed":1,"unchanged":1"#,
            #""separator":"\u0009","encoding":"UTF-8","ignored":["Country"]"#,
            #""notes":["Columns that were not read: Country."]"#,
            #"{"line":2,"outcome":"changed","before":{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"},"after":{"value":"+55 84 91234-4321","monthyPrice":"0.05","#
        ),
        file(
            "Nummer;Preis;Ort;Land\n+55 84 91234-4321;0,05;Natal;BR\n",
            to: "?mode=update&assign=nummer:Number&assign=preis:monthyPrice&ignore=ort&ignore=land",
            gives: 200, #""changed":1"#, "The column Preis was read as monthyPrice."),
        file("id,value\n2,+55 84 91234-4329\n", to: "?mode=update", gives: 200, #""changed":1"#),
        file(
            header + "+5584912344321,0.03,3.4,U$\n" + third, to: "?mode=upsert", gives: 200,
            #""rows":2,"created":1,"changed":0,"unchanged":1"#),
    ]

    static let wrongImports = [
        file(
            "value;setupPrice\n+5584912344321;1.250\n", to: "?mode=update", gives: 422,
            #""pointer":"/setupPrice","detail":"could be 1250 or 1.250: write 1250 or 1.2500, or give decimal=. for the file","number":"+5584912344321","content":"1.250"}],"decimal":null,"separator":";""#
        ),
        file(
            "value;monthyPrice;setupPrice\n+5584912344321;0,50;1.250\n", to: "?mode=update",
            gives: 422, "could be 1250 or 1,250: ", "two decimal separators", #""decimal":",""#),
        file(
            "[]", to: "?decimal=.", as: "application/json", gives: 400,
            "decimal is for CSV and workbooks only."),
        file(header, to: "?decimal=;", gives: 400, #"decimal must be \".\" or \",\"."#),
        file(
            header + third + "+5584912344321,0.03,3.4,U$\n", gives: 422,
            #""errorCount":1,"errors":[{"line":3,"pointer":"/value","detail":"is already in the inventory as id 1","number":"+5584912344321","content":"+5584912344321"}]"#,
            "Nothing was imported: the file has an error, the first in line 3: value is already",
            has: ["Change-Id": ""]),
        file(
            header + third, to: "?mode=update", gives: 422,
            #"{"line":2,"pointer":"/value","detail":"is not in the inventory","number":"+55 84 91234-4323","content":"+55 84 91234-4323"}"#
        ),
        file(
            header + third + third, gives: 422,
            #"{"line":3,"pointer":"/value","detail":"duplicates line 2","number":"#),
        file(
            "id,value\n1,+55 84 91234-4322\n", to: "?mode=update", gives: 422,
            #"{"line":2,"pointer":"/value","detail":"is already in the inventory as id 2","number":"#
        ),
        file(
            "id," + header + "99," + third, to: "?mode=upsert", gives: 422, #""pointer":"/id""#,
            "does not exist in this inventory: skip the ids with ignore=id"),
        file(
            "id," + header + "1," + third + "99," + third, gives: 422,
            "id is for existing numbers, and the mode is create: skip the ids with ignore=id, or"),
        file(
            header + "x,,-1,banana\n+55 84,1\n", gives: 422, #""rows":2,"#, #""errorCount":5,"#,
            #"{"line":2,"pointer":"/monthyPrice","detail":"must not be empty","number":"x","content":""}"#,
            #"{"line":3,"pointer":"","detail":"has 2 cells, and the header 4","number":"+55 84"}"#),
        file(
            "value,monthPrice,setupPrice,currency\n", gives: 422,
            #"{"line":1,"pointer":"/monthPrice","detail":"is not a member of a number; did you mean monthyPrice? Rename the column, or give assign=monthPrice:monthyPrice"}"#
        ), file(third, gives: 422, "has no header"),
        file("", gives: 400, "/problems/malformed-body", "The file is empty."),
        file(
            "PK\u{3}\u{4}", gives: 400,
            "The file is a damaged workbook (its end is missing); open it in a spreadsheet",
            "The body or the file cannot be read"),
        file(
            "value;monthyPrice;setupPrice;currency;country\n", gives: 422,
            #"{"line":1,"pointer":"/country","detail":"is not a member of a number: skip the column with ignore=country"}"#,
            #""unknown":["country"]"#),
        file(header, to: "?ignore=planet", gives: 422, #""pointer":"/planet""#),
        file(
            header, to: "?errors=10001&ignore=x", gives: 400,
            "errors must be a whole number from 0 to"),
        file(
            "[]", to: "?ignore=x&assign=x:value", as: "application/json", gives: 400,
            #""parameter":"ignore""#,
            #""parameter":"assign","detail":"is for CSV and workbooks only"}"#),
        file(
            header, to: "?assign=Preis:price", gives: 400, #""parameter":"assign""#,
            "assign has Preis:price: write a column, a colon and one of value, monthyPrice,"),
        file(header, to: "?assign=x:value&assign=X:id", gives: 400, "names the column X twice"),
        file(
            header + "x,1,2,U$\n" + third + "y,1,2,U$\n", to: "?errors=1&dryRun=true", gives: 422,
            #""errorCount":2,"errors":[{"line":2,"#, #""content":"x"}],"#,
            #""examples":[{"line":3,"outcome":"created","before":null,"after":{"value":"+55 84 "#),
        file(
            header + "x,1,2,U$\n" + third + "y,1,2,U$\nz\n",
            to: """
                ?dryRun=true&skip=4&skip=5&correct=2:value:%2B55%2084%2091234-4324\
                &correct=3:currency:%E2%82%AC&correct=2:monthyPrice:1.250
                """, gives: 200, #""rows":2,"created":2,"#, #"-4324","monthyPrice":"1.25","#,
            #""currency":"€""#),
        file(
            header + third, to: "?ignore=setup+price&correct=2:setupPrice:5",
            gives: 400, "correct corrects setupPrice, and ignore leaves out its column."),
        file(
            header + third, to: "?correct=7:value:1", gives: 422,
            #"{"line":7,"pointer":"","detail":"does not exist, so it cannot be"#),
        file(
            header + third, to: "?skip=x&correct=2:price:1", gives: 400,
            "must be lines such as 3,17",
            "must be a line, one of id, value, monthyPrice, setupPrice, currency and a text,"
        ),
        file(header + "x,1,2,U$\n", to: "?errors=0", gives: 422, #""errorCount":1,"errors":[],"#),
        file(
            "[{]", as: "application/json", gives: 400, "/problems/malformed-body",
            "The file is not valid JSON: ", "at line 1, column 3."),
        file("{}", as: "application/json", gives: 400),
        file(
            header, as: "application/pdf", gives: 415,
            "Send the body as text/csv or application/x-ndjson or application/json or",
            has: [
                "Accept-Post": """
                text/csv, application/x-ndjson, application/json, \(workbook), \
                text/tab-separated-values, text/plain, application/vnd.ms-excel, \
                application/octet-stream
                """
            ]),
        file(header + third, as: workbook, gives: 200),
        file(
            "PK\u{5}\u{6}", as: workbook, gives: 400,
            "The file is a damaged workbook (its end is missing);"),
        file(
            header, to: "?sheet=Prices", gives: 400,
            "The file is not an Excel workbook, so it has no sheets."),
        file(
            "[]", to: "?sheet=Prices", as: "application/json", gives: 400,
            #"{"parameter":"sheet","detail":"is for workbooks only"}"#),
        file(header, as: "text/csv; charset=latin1", gives: 415),
        file(header, to: "?mode=replace", gives: 400, "mode must be create or update or upsert."),
        file(header, to: "?dryRun=1", gives: 400),
    ]
}
