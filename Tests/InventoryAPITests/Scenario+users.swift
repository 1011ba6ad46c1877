extension Scenario {
    private static let users = "/api/v1/users"
    private static let ana = users + "/1"
    private static let bob = users + "/2"
    private static let password = users + "/current/password"
    private static let dan =
        #"{"username":" Dan ","role":"salesperson","password":"quiet-41-forests"}"#

    static let people = [
        Scenario(
            "all", "GET", users, gives: 200,
            contains: [
                #"[{"id":1,"username":"ana","role":"supervisor","sessions":1},"#,
                #"{"id":2,"username":"bob","role":"salesperson","sessions":1}]"#,
            ],
            answers: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/users?page=1>; rel="first", \
                <http://localhost/api/v1/users?page=1>; rel="last"
                """,
            ]),
        Scenario(
            "a page", "GET", users + "?perPage=1&page=2", gives: 200, contains: [#"[{"id":2,"#],
            omits: [#""id":1"#], answers: ["X-Total-Count": "2"]),
        Scenario("past the end", "GET", users + "?page=2", gives: 200, contains: ["[]"]),
        Scenario("unchanged", "GET", users, headers: ["If-None-Match": "*"], gives: 304),
        Scenario(
            "all that is wrong", "GET", users + "?page=0&role=supervisor", gives: 400,
            contains: ["2 parameters need attention: role, page."]),
        Scenario(
            "one", "GET", bob, gives: 200,
            contains: [#"{"id":2,"username":"bob","role":"salesperson","sessions":1}"#]),
        Scenario("one as HEAD", "HEAD", bob, gives: 200),
        Scenario("one unchanged", "GET", bob, headers: ["If-None-Match": "*"], gives: 304),
        Scenario(
            "nobody", "GET", users + "/42", gives: 404, contains: ["There is no user with id 42."]),
        Scenario(
            "letters", "GET", users + "/ana", gives: 404,
            contains: ["There is no user with id ana."]),
        Scenario(
            "current is nobody's id", "GET", users + "/current", gives: 404,
            contains: ["There is nothing at /api/v1/users/current."]),
        Scenario("nobody's methods", "OPTIONS", users + "/current", gives: 404),
        Scenario(
            "methods", "OPTIONS", bob, gives: 204,
            answers: ["Allow": "DELETE, GET, HEAD, PATCH, OPTIONS"]),
        Scenario(
            "the password read", "GET", password, gives: 405, answers: ["Allow": "PUT, OPTIONS"]),
        Scenario(
            "somebody new", "POST", users, dan, gives: 201,
            contains: [#"{"id":3,"username":"dan","role":"salesperson","sessions":0}"#],
            omits: ["quiet"], answers: ["Location": "http://localhost/api/v1/users/3"]),
        Scenario(
            "a name that is taken", "POST", users, dan.replacing("Dan", with: "BOB"), gives: 409,
            contains: [
                "/problems/user-exists", "There is a user bob already.",
                #""existing":"http://localhost/api/v1/users/2""#,
            ]),
        Scenario(
            "all that is wrong with somebody", "POST", users,
            #"{"username":"d a n","role":"boss","password":"short","admin":true}"#, gives: 422,
            contains: [
                "4 members need attention: username, role, password, admin.",
                #"{"pointer":"/role","detail":"must be supervisor or salesperson"}"#,
                #"{"pointer":"/password","detail":"must have at least 8 characters"}"#,
            ]),
        Scenario(
            "nothing said of somebody", "POST", users, "{}", gives: 422,
            contains: ["3 members need attention: username, role, password."]),
        Scenario(
            "a common password", "POST", users,
            dan.replacing("quiet-41-forests", with: "password1"), gives: 422,
            contains: ["is among the most common ones"]),
        Scenario(
            "another role", "PATCH", bob, #"{"id":2,"role":"supervisor"}"#, gives: 200,
            contains: [#"{"id":2,"username":"bob","role":"supervisor","sessions":1}"#]),
        Scenario(
            "another password", "PATCH", bob, #"{"password":"quiet-41-forests"}"#, gives: 200,
            contains: [#"{"id":2,"username":"bob","role":"salesperson","sessions":0}"#]),
        Scenario("nothing changed", "PATCH", bob, "{}", gives: 200, contains: [#""sessions":1"#]),
        Scenario(
            "another name", "PATCH", bob, #"{"username":"rob","role":null}"#, gives: 422,
            contains: [
                #"{"pointer":"/role","detail":"cannot be removed"}"#,
                #""pointer":"/username","detail":"is not a member of a change of a user"#,
            ]),
        Scenario(
            "somebody else's id", "PATCH", bob, #"{"id":1,"role":"supervisor"}"#, gives: 422,
            contains: ["id differs from the address"]),
        Scenario(
            "nobody changed", "PATCH", users + "/42", #"{"role":"supervisor"}"#, gives: 404),
        Scenario("nobody and nothing changed", "PATCH", users + "/42", "{}", gives: 404),
        Scenario(
            "the last supervisor's role", "PATCH", ana, #"{"role":"salesperson"}"#, gives: 409,
            contains: [
                "/problems/last-supervisor",
                "ana is the last supervisor; without one, nobody could change the inventory.",
            ]),
        Scenario("the last supervisor removed", "DELETE", ana, gives: 409),
        Scenario("somebody removed", "DELETE", bob, gives: 204),
        Scenario("nobody removed", "DELETE", users + "/42", gives: 404),
        Scenario(
            "sessions", "GET", bob + "/sessions", gives: 200,
            contains: [#"[{"createdAt":"20"#, #"Z","expiresAt":"20"#], omits: ["digest"],
            answers: ["X-Total-Count": "1"]),
        Scenario("nobody's sessions", "GET", users + "/42/sessions", gives: 404),
        Scenario("signed out", "DELETE", bob + "/sessions", gives: 204),
        Scenario("nobody signed out", "DELETE", users + "/42/sessions", gives: 404),
        Scenario(
            "one's own password", "PUT", password,
            #"{"currentPassword":"\#(Client.password)","newPassword":"quiet-41-forests"}"#,
            gives: 204),
        Scenario(
            "one's own password, not known", "PUT", password,
            #"{"currentPassword":"violet-5-elephant","newPassword":"quiet-41-forests"}"#,
            gives: 422,
            contains: [
                "currentPassword is not your password.", #""pointer":"/currentPassword""#,
            ]),
        Scenario(
            "a password that is none", "PUT", password,
            #"{"currentPassword":"","newPassword":"1234567","password":"x"}"#, gives: 422,
            contains: [
                "2 members need attention: newPassword, password.",
                #"{"pointer":"/newPassword","detail":"must have at least 8 characters"}"#,
            ]),
        Scenario(
            "somebody else's password", "PUT", bob + "/password", "{}", gives: 404),
    ]
}
