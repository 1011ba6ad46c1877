internal import Inventory

extension TableHeader {
    static func errors(
        in names: [String], _ columns: [Column], _ options: ImportOptions
    ) -> [FieldError] {
        let members = Set(columns.compactMap(\.memberName))
        guard !members.isEmpty else { return missing(names, options) }
        let unknown = zip(names, columns).filter { $1 == .unknown }.map(\.0)
        let absent = NumberContent.Member.allCases.filter { !members.contains($0.rawValue) }
        let probable = unknown.compactMap(NumberContent.Member.probable)
        return notColumns(options, among: names)
            + columnsOfOneMember(names, columns)
            + NumberPatch.errors(
                ofMembers: unknown + members, isWhole: options.mode == .create
            ).map { error in
                guard let name = unknown.first(where: { $0.shortened == error.field }) else {
                    return error
                }
                return notRead(name, absent, probable, options.naming)
            }
    }

    /// The errors of a row in the header's place that names no member.
    private static func missing(_ names: [String], _ options: ImportOptions) -> [FieldError] {
        let members = NumberContent.Member.names.joined(separator: ", ")
        if names.contains(where: \.isLikeData) {
            let detail = "has no header: the first line must name \(members)"
            return [FieldError(field: nil, detail: detail)]
        }
        let parts = names[0].split { ",;\t|".contains($0) }
        if names.count == 1, parts.count(where: { String($0).isMember }) > 1 {
            let detail = """
                has all names in one cell: separate them into cells, without quotes around the whole \
                line
                """
            return [FieldError(field: nil, detail: detail)]
        }
        let first = names.first { !$0.isEmpty } ?? ""
        let member = NumberContent.Member.probable(for: first) ?? .value
        let detail = """
            has no header with \(members), but \(list(names)). Rename the columns, assign them, such as \
            \(options.naming.text("assign", "\(first.listedName):\(member.rawValue)")), or skip them, such as \
            \(options.naming.text("ignore", first.listedName))
            """
        return notColumns(options, among: names) + [FieldError(field: nil, detail: detail)]
    }

    /// An unknown column, with how to assign or ignore it.
    ///
    /// - Parameter absent: The members that no column has.
    /// - Parameter probable: Those that unknown columns probably have.
    private static func notRead(
        _ name: String, _ absent: [NumberContent.Member], _ probable: [NumberContent.Member],
        _ naming: OptionNaming
    ) -> FieldError {
        let isNoMember = "is not a member of a number"
        let assign = { (member: NumberContent.Member) in
            naming.text("assign", "\(name.listedName):\(member.rawValue)")
        }
        if let member = NumberContent.Member.probable(for: name), absent.contains(member) {
            let detail = """
                \(isNoMember); did you mean \(member.rawValue)? Rename the column, or give \
                \(assign(member))
                """
            return FieldError(field: name.shortened, detail: detail)
        }
        let others = absent.filter { !probable.contains($0) }
        let list = others.map(\.rawValue).joined(separator: " or ")
        let advice = others.first.map { ", or read it as \(list): \(assign($0))" } ?? ""
        return FieldError(
            field: name.shortened,
            detail: "\(isNoMember): skip the column with "
                + naming.text("ignore", name.listedName) + advice)
    }

    private static func columnsOfOneMember(
        _ names: [String], _ columns: [Column]
    ) -> [FieldError] {
        let members = columns.enumerated().filter { columns.firstIndex(of: $1) != $0 }
        var seen: Set<String> = []
        return members.compactMap { _, column in
            guard let member = column.memberName, seen.insert(member).inserted else { return nil }
            let twins = zip(names, columns).filter { $1 == column }.map(\.0)
            let list = twins.map(\.shortened).joined(separator: " and ")
            return FieldError(
                field: member, detail: "is in \(twins.count) columns, \(list): keep one")
        }
    }

    /// A name in the options that no column has, or that is both ignored and assigned.
    private static func notColumns(
        _ options: ImportOptions, among names: [String]
    ) -> [FieldError] {
        let (known, assigned) = (Set(names.flatMap(\.keys)), options.assigned.map(\.name))
        let first = (options.ignored + assigned).first {
            !known.contains(Array($0.foldedName.utf8))
        }
        guard let first else {
            let ignored = options.ignored.map { Array($0.foldedName.utf8) }
            return assigned.filter { ignored.contains(Array($0.foldedName.utf8)) }.map { name in
                FieldError(field: name.shortened, detail: "is both ignored and assigned")
            }
        }
        return [
            FieldError(
                field: first.shortened,
                detail: "is not a column of the file, which has \(list(names))")
        ]
    }

    private static func list(_ names: [String]) -> String {
        names.filter { !$0.isEmpty }.map(\.listedName).joined(separator: ", ")
    }
}
