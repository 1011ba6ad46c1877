// The reads and the create of `make bench` in Go, in their usual form: net/http, database/sql and mattn/go-sqlite3.
//
// DATABASE is a file that `carrier` created; a create writes the same rows as `carrier`. With BARE=1, DATABASE is a new
// file, and a create writes one row of a table with one unique index.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
)

const prefix = "/api/v1/numbers"

var columns = []string{"id", "value", "monthyPrice", "setupPrice", "currency"}

type number struct {
	ID          int64  `json:"id"`
	Value       string `json:"value"`
	MonthyPrice string `json:"monthyPrice"`
	SetupPrice  string `json:"setupPrice"`
	Currency    string `json:"currency"`
}

// The database has prices in ten-thousandths of the currency unit.
func price(tenThousandths int64) string {
	fraction := strings.TrimRight(strconv.FormatInt(10_000+tenThousandths%10_000, 10), "0")[1:]
	for len(fraction) < 2 {
		fraction += "0"
	}
	return strconv.FormatInt(tenThousandths/10_000, 10) + "." + fraction
}

func tenThousandths(price string) (int64, error) {
	whole, fraction, _ := strings.Cut(price, ".")
	if len(fraction) > 4 || len(whole) > 9 {
		return 0, strconv.ErrRange
	}
	value, err := strconv.ParseUint(whole+(fraction + "0000")[:4], 10, 63)
	return int64(value), err
}

// Reads use one connection for each processor, each with its own prepared statements.
type reader struct {
	// The pages by the parameter `sort`.
	pages      map[string]*sql.Stmt
	total, one *sql.Stmt
}

func newReader(file string) *reader {
	db := must(sql.Open("sqlite3", "file:"+file+"?mode=ro"))
	db.SetMaxOpenConns(runtime.NumCPU())
	db.SetMaxIdleConns(runtime.NumCPU())
	selection := "SELECT " + strings.Join(columns, ", ") + " FROM number "
	r := &reader{map[string]*sql.Stmt{}, must(db.Prepare("SELECT sum(count) FROM number_count")),
		must(db.Prepare(selection + "WHERE id = ?"))}
	for _, column := range columns {
		for sign, direction := range map[string]string{"": "", "-": " DESC"} {
			order := "ORDER BY " + column + direction
			if column != "id" {
				order += ", id"
			}
			r.pages[sign+column] = must(db.Prepare(selection + order + " LIMIT ? OFFSET ?"))
		}
	}
	r.pages[""] = r.pages["id"]
	return r
}

func (r *reader) servePage(w http.ResponseWriter, request *http.Request) {
	query := request.URL.Query()
	sort, size, page := query.Get("sort"), positive(query.Get("perPage"), 25), positive(query.Get("page"), 1)
	// Formatting in `q` filters nothing; the benchmark sends no digits.
	if r.pages[sort] == nil || size > 100 || strings.ContainsAny(query.Get("q"), "0123456789") {
		http.Error(w, "This query is not supported.", http.StatusBadRequest)
		return
	}
	var total string
	err := r.total.QueryRowContext(request.Context()).Scan(&total)
	list := []number{}
	if err == nil {
		list, err = numbers(request.Context(), r.pages[sort], size, (page-1)*size)
	}
	w.Header()["X-Total-Count"] = []string{total}
	respond(w, http.StatusOK, list, err)
}

// The context ends the query if the client disconnects.
func numbers(ctx context.Context, statement *sql.Stmt, values ...any) ([]number, error) {
	list := []number{}
	rows, err := statement.QueryContext(ctx, values...)
	if err != nil {
		return list, err
	}
	defer rows.Close()
	for rows.Next() {
		var n number
		var monthyPrice, setupPrice int64
		if err := rows.Scan(&n.ID, &n.Value, &monthyPrice, &setupPrice, &n.Currency); err != nil {
			return list, err
		}
		n.MonthyPrice, n.SetupPrice = price(monthyPrice), price(setupPrice)
		list = append(list, n)
	}
	return list, rows.Err()
}

func (r *reader) serveOne(w http.ResponseWriter, request *http.Request, _ string) {
	list, err := numbers(request.Context(), r.one, strings.TrimPrefix(request.URL.Path, prefix+"/"))
	if err == nil && len(list) == 0 {
		http.Error(w, "This number does not exist.", http.StatusNotFound)
		return
	}
	respond(w, http.StatusOK, append(list, number{})[0], err)
}

// Creates run one after the other on one connection, each in its own durable transaction.
type writer struct {
	sync.Mutex
	connection                     *sql.Conn
	bare                           bool
	begin, commit                  *sql.Stmt
	number, change, changeOfNumber *sql.Stmt
}

func newWriter(file string, bare bool) *writer {
	background := context.Background()
	db := must(sql.Open("sqlite3", "file:"+file+"?_journal=WAL&_synchronous=FULL"))
	w := &writer{connection: must(db.Conn(background)), bare: bare}
	prepare := func(statement string) *sql.Stmt { return must(w.connection.PrepareContext(background, statement)) }
	if bare {
		must(w.connection.ExecContext(background, `CREATE TABLE number (id INTEGER PRIMARY KEY, digits TEXT UNIQUE,
			value TEXT, monthyPrice INTEGER, setupPrice INTEGER, currency TEXT)`))
	}
	w.number = prepare(`INSERT INTO number (digits, value, monthyPrice, setupPrice, currency) VALUES (?, ?, ?, ?, ?)`)
	if bare {
		return w
	}
	w.begin, w.commit = prepare("BEGIN IMMEDIATE"), prepare("COMMIT")
	w.change = prepare(`INSERT INTO change (at, username, kind, count) VALUES (?, ?, 'create', 1)`)
	w.changeOfNumber = prepare(`INSERT INTO change_number (change, number, version, after_digits, after_value,
		after_monthyPrice, after_setupPrice, after_currency) VALUES (?, ?, 1, ?, ?, ?, ?, ?)`)
	return w
}

// Writes one row if the table is bare, otherwise all rows of a create; triggers write search and counts.
// `content` has digits, value, prices and currency.
func (w *writer) create(username string, content []any) (id, change int64, err error) {
	w.Lock()
	defer w.Unlock()
	if w.bare {
		id, err = inserted(w.number, content...)
		return id, 0, err
	}
	if _, err = w.begin.Exec(); err != nil {
		return 0, 0, err
	}
	defer func() {
		if err != nil {
			w.connection.ExecContext(context.Background(), "ROLLBACK")
		}
	}()
	if id, err = inserted(w.number, content...); err != nil {
		return 0, 0, err
	}
	if change, err = inserted(w.change, time.Now().UnixMilli(), username); err != nil {
		return 0, 0, err
	}
	if _, err = w.changeOfNumber.Exec(append([]any{change, id}, content...)...); err != nil {
		return 0, 0, err
	}
	_, err = w.commit.Exec()
	return id, change, err
}

func inserted(statement *sql.Stmt, values ...any) (int64, error) {
	result, err := statement.Exec(values...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (w *writer) serveCreate(response http.ResponseWriter, request *http.Request, username string) {
	var n number
	err := json.NewDecoder(http.MaxBytesReader(response, request.Body, 1<<20)).Decode(&n)
	digits := strings.TrimPrefix(n.Value, "+")
	monthyPrice, monthyErr := tenThousandths(n.MonthyPrice)
	setupPrice, setupErr := tenThousandths(n.SetupPrice)
	if err != nil || monthyErr != nil || setupErr != nil || len(digits) < 7 {
		http.Error(response, "The number is not valid.", http.StatusUnprocessableEntity)
		return
	}
	// As long as a formatted number, but without the numbering plans of all countries.
	n.Value = "+" + digits[:2] + " " + digits[2:6] + " " + digits[6:]
	n.MonthyPrice, n.SetupPrice = price(monthyPrice), price(setupPrice)
	var change int64
	n.ID, change, err = w.create(username, []any{digits, n.Value, monthyPrice, setupPrice, n.Currency})
	header := response.Header()
	header["Location"] = []string{fmt.Sprintf("http://%s%s/%d", request.Host, prefix, n.ID)}
	header["Change-Id"] = []string{strconv.FormatInt(change, 10)}
	respond(response, http.StatusCreated, n, err)
}

func positive(text string, fallback int64) int64 {
	if value, err := strconv.ParseInt(text, 10, 32); err == nil && value > 0 {
		return value
	}
	return fallback
}

func respond(w http.ResponseWriter, status int, body any, err error) {
	if failure := (sqlite3.Error{}); errors.As(err, &failure) && failure.Code == sqlite3.ErrConstraint {
		http.Error(w, "This number exists, or is not valid.", http.StatusConflict)
	} else if err != nil {
		log.Print(err)
		http.Error(w, "The database failed.", http.StatusInternalServerError)
	} else {
		text := must(json.Marshal(body))
		header := w.Header()
		header["Content-Type"] = []string{"application/json"}
		header["Content-Length"] = []string{strconv.Itoa(len(text))}
		w.WriteHeader(status)
		w.Write(text)
	}
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	file, bare := os.Getenv("DATABASE"), os.Getenv("BARE") != ""
	writer := newWriter(file, bare)
	users := map[string]string{"Bearer " + os.Getenv("TOKEN"): "supervisor"}
	signedIn := func(serve func(w http.ResponseWriter, request *http.Request, username string)) http.HandlerFunc {
		return func(w http.ResponseWriter, request *http.Request) {
			if username, known := users[request.Header.Get("Authorization")]; known {
				serve(w, request, username)
			} else {
				http.Error(w, "Sign in.", http.StatusUnauthorized)
			}
		}
	}
	serve := writer.serveCreate
	if !bare {
		reader := newReader(file)
		http.HandleFunc(prefix+"/", signedIn(reader.serveOne))
		serve = func(w http.ResponseWriter, request *http.Request, username string) {
			if request.Method == http.MethodPost {
				writer.serveCreate(w, request, username)
			} else {
				reader.servePage(w, request)
			}
		}
	}
	http.HandleFunc(prefix, signedIn(serve))
	http.HandleFunc("/livez", func(http.ResponseWriter, *http.Request) {})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
