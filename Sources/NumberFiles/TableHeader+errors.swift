internal import Inventory

extension TableHeader {
    static func errors(
        in names: [String], _ columns: [Column], _ options: ImportOptions
    ) -> [FieldError] {
        let known = NumberContent.Member.names
        let isSimilar = { (name: String) in name.closest(among: known) != nil }
        // If no name is similar to a member's, the header is missing.
        guard columns.contains(where: { $0.memberName != nil }) || names.contains(where: isSimilar)
        else { return [missing] }
        let unknown = zip(names, columns).filter { $1 == .unknown }.map(\.0)
        var read = unknown
        for name in Set(columns.compactMap(\.memberName)) { read.append(name) }
        return notColumns(options, among: names)
            + columnsOfOneMember(names, columns)
            + NumberPatch.errors(ofMembers: read, isWhole: options.mode == .create).map { error in
                guard let name = unknown.first(where: { $0.shortened == error.field }) else {
                    return error
                }
                return notRead(name, error, options)
            }
    }

    /// An unknown column, with how to ignore it. A comma would separate two names.
    private static func notRead(
        _ name: String, _ error: FieldError, _ options: ImportOptions
    ) -> FieldError {
        let text = options.naming.text("ignore", name.replacing(",", with: " ").shortened)
        let isQuestion = error.detail.hasSuffix("?")
        return FieldError(
            field: error.field,
            detail: error.detail
                + (isQuestion ? " Skip the column with " : "; skip the column with ") + text)
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
    private static func notColumns(_ options: ImportOptions, among names: [String]) -> [FieldError]
    {
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
        let list = names.filter { !$0.isEmpty }.map(\.shortened).joined(separator: ", ")
        return [
            FieldError(
                field: first.shortened, detail: "is not a column of the file, which has \(list)")
        ]
    }
}
