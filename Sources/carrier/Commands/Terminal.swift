internal import Inventory

/// Prints a line to standard output, with its invisible characters shown.
///
/// This hides Swift's function of the same name, so that no command can forget that what it prints may
/// come from a file, a database or the command line.
func print(_ line: String, terminator: String = "\n") {
    Swift.print(line.showingInvisibles(), terminator: terminator)
}
