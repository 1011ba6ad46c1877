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

// Prices are in ten-thousandths of the currency unit.
type number struct {
	id                      int64
	value                   string
	monthyPrice, setupPrice int64
	currency                string
}

func price(json []byte, tenThousandths int64) []byte {
	json = strconv.AppendInt(append(json, '"'), tenThousandths/10_000, 10)
	fraction := []byte(strconv.FormatInt(10_000+tenThousandths%10_000, 10))
	fraction[0] = '.'
	for len(fraction) > 3 && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	return append(append(json, fraction...), '"')
}

// encoding/json would cost more. No text of the inventory contains a character that JSON escapes.
func (n number) append(json []byte) []byte {
	json = strconv.AppendInt(append(json, `{"id":`...), n.id, 10)
	json = append(append(append(json, `,"value":"`...), n.value...), `","monthyPrice":`...)
	json = append(price(json, n.monthyPrice), `,"setupPrice":`...)
	json = append(price(json, n.setupPrice), `,"currency":"`...)
	return append(append(json, n.currency...), `"}`...)
}

// Reads use one connection for each processor, each with its own prepared statements.
type reader struct {
	// The pages by the parameter `sort`.
	pages      map[string]*sql.Stmt
	total, one *sql.Stmt
}

func newReader(file string) *reader {
	db := open(file, "mode=ro&_mutex=no")
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
	return r
}

func (r *reader) servePage(w http.ResponseWriter, request *http.Request) {
	query := request.URL.Query()
	sort, size, page := query.Get("sort"), positive(query.Get("perPage"), 25), positive(query.Get("page"), 1)
	if sort == "" {
		sort = "id"
	}
	// Formatting in `q` filters nothing; the benchmark sends no digits.
	if r.pages[sort] == nil || size > 100 || strings.ContainsAny(query.Get("q"), "0123456789") {
		http.Error(w, "This query is not supported.", http.StatusBadRequest)
		return
	}
	var total string
	err := r.total.QueryRow().Scan(&total)
	json := append(make([]byte, 0, 128*size), '[')
	if err == nil {
		json, err = numbers(json, r.pages[sort], size, (page-1)*size)
	}
	w.Header()["X-Total-Count"] = []string{total}
	respond(w, http.StatusOK, append(json, ']'), err)
}

func numbers(json []byte, statement *sql.Stmt, values ...any) ([]byte, error) {
	// With the request's context, each query would start a goroutine.
	rows, err := statement.Query(values...)
	if err != nil {
		return json, err
	}
	defer rows.Close()
	for first := true; rows.Next(); first = false {
		var n number
		if err := rows.Scan(&n.id, &n.value, &n.monthyPrice, &n.setupPrice, &n.currency); err != nil {
			return json, err
		}
		if !first {
			json = append(json, ',')
		}
		json = n.append(json)
	}
	return json, rows.Err()
}

func (r *reader) serveOne(w http.ResponseWriter, id string) {
	json, err := numbers(nil, r.one, id)
	if len(json) == 0 && err == nil {
		err = sql.ErrNoRows
	}
	respond(w, http.StatusOK, json, err)
}

// Creates run one after the other on one connection, each in its own durable transaction.
type writer struct {
	sync.Mutex
	connection                     *sql.Conn
	bare                           bool
	begin, commit, rollback        *sql.Stmt
	number, change, changeOfNumber *sql.Stmt
}

func newWriter(file string, bare bool) *writer {
	background := context.Background()
	w := &writer{connection: must(open(file, "_journal=WAL&_synchronous=FULL&_mutex=no").Conn(background)), bare: bare}
	prepare := func(statement string) *sql.Stmt { return must(w.connection.PrepareContext(background, statement)) }
	if bare {
		must(w.connection.ExecContext(background, `CREATE TABLE number (id INTEGER PRIMARY KEY, digits TEXT UNIQUE,
			value TEXT, monthyPrice INTEGER, setupPrice INTEGER, currency TEXT)`))
	}
	w.number = prepare(`INSERT INTO number (digits, value, monthyPrice, setupPrice, currency) VALUES (?, ?, ?, ?, ?)`)
	if bare {
		return w
	}
	w.begin, w.commit, w.rollback = prepare("BEGIN IMMEDIATE"), prepare("COMMIT"), prepare("ROLLBACK")
	w.change = prepare(`INSERT INTO change (at, username, kind, count) VALUES (?, ?, 'create', 1)`)
	w.changeOfNumber = prepare(`INSERT INTO change_number (change, number, version, after_digits, after_value,
		after_monthyPrice, after_setupPrice, after_currency) VALUES (?, ?, 1, ?, ?, ?, ?, ?)`)
	return w
}

// Writes one row if the table is bare, otherwise all rows of a create; triggers write search and counts.
func (w *writer) create(n *number, digits, username string) (change int64, err error) {
	w.Lock()
	defer w.Unlock()
	if w.bare {
		n.id, err = inserted(w.number, digits, n.value, n.monthyPrice, n.setupPrice, n.currency)
		return 0, err
	}
	if _, err = w.begin.Exec(); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			w.rollback.Exec()
		}
	}()
	if n.id, err = inserted(w.number, digits, n.value, n.monthyPrice, n.setupPrice, n.currency); err != nil {
		return 0, err
	}
	if change, err = inserted(w.change, time.Now().UnixMilli(), username); err != nil {
		return 0, err
	}
	if _, err = w.changeOfNumber.Exec(
		change, n.id, digits, n.value, n.monthyPrice, n.setupPrice, n.currency); err != nil {
		return 0, err
	}
	_, err = w.commit.Exec()
	return change, err
}

func inserted(statement *sql.Stmt, values ...any) (int64, error) {
	result, err := statement.Exec(values...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (w *writer) serveCreate(response http.ResponseWriter, request *http.Request, username string) {
	var body struct{ Value, MonthyPrice, SetupPrice, Currency string }
	err := json.NewDecoder(http.MaxBytesReader(response, request.Body, 1<<20)).Decode(&body)
	digits := strings.TrimPrefix(body.Value, "+")
	_, digitsErr := strconv.ParseUint(digits, 10, 64)
	monthyPrice, monthyErr := tenThousandths(body.MonthyPrice)
	setupPrice, setupErr := tenThousandths(body.SetupPrice)
	if err != nil || digitsErr != nil || monthyErr != nil || setupErr != nil || len(digits) < 7 ||
		strings.ContainsAny(body.Currency, `"\`) {
		http.Error(response, "The number is not valid.", http.StatusUnprocessableEntity)
		return
	}
	// As long as a formatted number, but without the numbering plans of all countries.
	value := "+" + digits[:2] + " " + digits[2:5] + " " + digits[5:]
	n := number{0, value, monthyPrice, setupPrice, body.Currency}
	change, err := w.create(&n, digits, username)
	header := response.Header()
	header["Location"] = []string{fmt.Sprintf("http://%s%s/%d", request.Host, prefix, n.id)}
	header["Etag"] = []string{`"1"`}
	header["Change-Id"] = []string{strconv.FormatInt(change, 10)}
	respond(response, http.StatusCreated, n.append(nil), err)
}

func tenThousandths(price string) (int64, error) {
	whole, fraction, _ := strings.Cut(price, ".")
	if len(fraction) > 4 || len(whole) > 9 {
		return 0, strconv.ErrRange
	}
	value, err := strconv.ParseUint(whole+(fraction + "0000")[:4], 10, 63)
	return int64(value), err
}

func positive(text string, fallback int64) int64 {
	if value, err := strconv.ParseInt(text, 10, 32); err == nil && value > 0 {
		return value
	}
	return fallback
}

func respond(w http.ResponseWriter, status int, body []byte, err error) {
	if failure := (sqlite3.Error{}); errors.As(err, &failure) && failure.Code == sqlite3.ErrConstraint {
		http.Error(w, "This number exists, or is not valid.", http.StatusConflict)
	} else if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, "This number does not exist.", http.StatusNotFound)
	} else if err != nil {
		log.Print(err)
		http.Error(w, "The database failed.", http.StatusInternalServerError)
	} else {
		header := w.Header()
		header["Content-Type"] = []string{"application/json"}
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
		header["Cache-Control"] = []string{"private, no-cache"}
		w.WriteHeader(status)
		w.Write(body)
	}
}

func open(file, options string) *sql.DB {
	return must(sql.Open("sqlite3", "file:"+file+"?_busy_timeout=5000&"+options))
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
	var reader *reader
	if !bare {
		reader = newReader(file)
		http.HandleFunc(prefix+"/", signedIn(func(w http.ResponseWriter, request *http.Request, _ string) {
			reader.serveOne(w, strings.TrimPrefix(request.URL.Path, prefix+"/"))
		}))
	}
	http.HandleFunc(prefix, signedIn(func(w http.ResponseWriter, request *http.Request, username string) {
		if request.Method == http.MethodPost {
			writer.serveCreate(w, request, username)
		} else if !bare {
			reader.servePage(w, request)
		}
	}))
	http.HandleFunc("/livez", func(http.ResponseWriter, *http.Request) {})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
