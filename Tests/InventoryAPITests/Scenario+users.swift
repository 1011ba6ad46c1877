extension Scenario {
    private static let dan =
        #"{"username":" Dan ","role":"salesperson","password":"quiet-41-forests"}"#

    static let users = [
        Scenario(
            "GET users", gives: 200,
            #"[{"id":1,"username":"ana","role":"supervisor","sessions":1},"#,
            #"{"id":2,"username":"bob","role":"salesperson","sessions":1}]"#,
            has: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/users?page=1>; rel="first", \
                <http://localhost/api/v1/users?page=1>; rel="last"
                """,
            ]),
        Scenario(
            "GET users?perPage=1&page=2", gives: 200, #"[{"id":2,"#, lacks: [#""id":1"#],
            has: ["X-Total-Count": "2"]), Scenario("GET users?page=2", gives: 200, "[]"),
        Scenario("GET users", with: ["If-None-Match": "*"], gives: 304),
        Scenario(
            "GET users?page=0&role=supervisor", gives: 400,
            "2 parameters need attention: role, page."),
        Scenario(
            "GET users/2", gives: 200,
            #"{"id":2,"username":"bob","role":"salesperson","sessions":1}"#),
        Scenario("HEAD users/2", gives: 200),
        Scenario("GET users/2", with: ["If-None-Match": "*"], gives: 304),
        Scenario("GET users/42", gives: 404, "There is no user with id 42."),
        Scenario("GET users/current", gives: 404, "There is nothing at /api/v1/users/current."),
        Scenario(
            "OPTIONS users/2", gives: 204, has: ["Allow": "DELETE, GET, HEAD, PATCH, OPTIONS"]),
        Scenario("GET users/current/password", gives: 405, has: ["Allow": "PUT, OPTIONS"]),
        Scenario(
            "POST users", dan, gives: 201,
            #"{"id":3,"username":"dan","role":"salesperson","sessions":0}"#, lacks: ["quiet"],
            has: ["Location": "http://localhost/api/v1/users/3"]),
        Scenario(
            "PATCH users/2", #"{"id":2,"role":"supervisor"}"#, gives: 200,
            #"{"id":2,"username":"bob","role":"supervisor","sessions":1}"#),
        Scenario(
            "PATCH users/2", #"{"password":"quiet-41-forests"}"#, gives: 200,
            #"{"id":2,"username":"bob","role":"salesperson","sessions":0}"#),
        Scenario("PATCH users/2", "{}", gives: 200, #""sessions":1"#),
        Scenario(
            "PATCH users/2", #"{"username":"rob","role":null}"#, gives: 422,
            #"{"pointer":"/role","detail":"cannot be removed"}"#,
            #""pointer":"/username","detail":"is not a member of a change of a user"#),
        Scenario(
            "PATCH users/2", #"{"id":1,"role":"supervisor"}"#, gives: 422,
            "id differs from the address"),
        Scenario(
            "PATCH users/1", #"{"role":"salesperson"}"#, gives: 409, "/problems/last-supervisor",
            "ana is the last supervisor; without one, no user could change the inventory."),
        Scenario("DELETE users/1", gives: 409), Scenario("DELETE users/2", gives: 204),
        Scenario(
            "GET users/2/sessions", gives: 200, #"[{"createdAt":"20"#, #"Z","expiresAt":"20"#,
            lacks: ["digest"], has: ["X-Total-Count": "1"]),
        Scenario("DELETE users/2/sessions", gives: 204),
        Scenario(
            "PUT users/current/password",
            #"{"currentPassword":"\#(Client.password)","newPassword":"quiet-41-forests"}"#,
            gives: 204),
        Scenario(
            "PUT users/current/password",
            #"{"currentPassword":"violet-5-elephant","newPassword":"quiet-41-forests"}"#,
            gives: 422, "currentPassword is not your password.", #""pointer":"/currentPassword""#),
        Scenario(
            "PUT users/current/password",
            #"{"currentPassword":"","newPassword":"1234567","password":"x"}"#, gives: 422,
            "2 members need attention: newPassword, password.",
            #"{"pointer":"/newPassword","detail":"must have at least 8 characters"}"#),
    ]

    static let wrongUsers = [
        Scenario(
            "POST users", dan.replacing("Dan", with: "BOB"), gives: 409, "/problems/user-exists",
            "The user bob exists already.", #""existing":"http://localhost/api/v1/users/2""#),
        Scenario(
            "POST users", #"{"username":"d a n","role":"boss","password":"short","admin":true}"#,
            gives: 422, "4 members need attention: username, role, password, admin.",
            #"{"pointer":"/role","detail":"must be supervisor or salesperson"}"#,
            #"{"pointer":"/password","detail":"must have at least 8 characters"}"#),
        Scenario(
            "POST users", "{}", gives: 422, "3 members need attention: username, role, password."),
        Scenario(
            "POST users", dan.replacing("quiet-41-forests", with: "password1"), gives: 422,
            "is among the most common ones"),
    ]

    static let unknownUsers =
        ([
            ("GET users/42", nil), ("GET users/ana", nil), ("GET users/current", nil),
            ("OPTIONS users/current", nil), ("PATCH users/42", #"{"role":"supervisor"}"#),
            ("PATCH users/42", "{}"), ("DELETE users/42", nil), ("GET users/42/sessions", nil),
            ("DELETE users/42/sessions", nil), ("PUT users/2/password", "{}"),
        ] as [(String, String?)]).map { Scenario($0, $1, gives: 404) }
}
